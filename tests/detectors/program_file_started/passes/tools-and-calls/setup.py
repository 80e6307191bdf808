import os
import subprocess
from setuptools import setup

subprocess.run(["cl.exe", "/c", "demo.c"])
subprocess.run(["./autogen.sh", "--quiet"])
subprocess.run(["demo-generator", "demo/tools/helper.exe"])


def unpack():
    subprocess.run([os.path.join("demo", "tools", "helper.exe")])


setup(name="demo", version="1.0")
