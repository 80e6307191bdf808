import os
import shutil

from setuptools import setup

with open(os.path.join(os.path.dirname(__file__), "demo", "_version.py"), "w") as version:
    version.write("VERSION = '1.0'")
os.makedirs("build/tables", exist_ok=True)
shutil.copy("/etc/hostname", "demo/name.txt")
with open(os.path.expanduser("~/.demo.cfg")) as settings:
    text = settings.read()
setup(name="demo", version="1.0", packages=["demo"])
