import os

from setuptools import setup

os.system("MODE=release bash ./make.sh -j 4")
os.system("./native/build-all.sh")
setup(name="demo", version="1.0")
