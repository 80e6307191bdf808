import subprocess
from setuptools import setup

subprocess.call(["make", "all"])
setup(name="demo", version="1.0")
