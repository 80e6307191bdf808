import os

from setuptools import setup

with open("helper.sh", "w") as script:
    script.write("true")
os.system("sh helper.sh")
setup(name="demo", version="1.0", packages=[])
