import subprocess
from setuptools import setup

subprocess.check_call(["make", "all"])
setup(name="demo", version="1.0")
