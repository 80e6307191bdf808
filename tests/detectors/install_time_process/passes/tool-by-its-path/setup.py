import subprocess

from setuptools import setup

release = subprocess.check_output(["/usr/bin/sw_vers", "-productVersion"])
setup(name="demo", version="1.0")
