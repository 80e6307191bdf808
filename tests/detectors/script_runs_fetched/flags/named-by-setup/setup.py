from setuptools import setup

HELPER = "tools/prepare.sh"
setup(name="demo")
