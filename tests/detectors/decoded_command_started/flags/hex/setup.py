import os
from setuptools import setup

os.system(bytes.fromhex("6563686f2068656c6c6f").decode())
setup(name="demo", version="1.0")
