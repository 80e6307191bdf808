import os
from setuptools import setup

os.system("pip install --no-index demo-helper")
setup(name="demo", version="1.0")
