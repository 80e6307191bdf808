import subprocess

from setuptools import setup

with open("version.txt", "w") as note:
    note.write("1.0")
subprocess.call(["demo-generator", "tables"])
setup(name="demo", version="1.0", packages=[])
