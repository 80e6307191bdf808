from setuptools import setup

setup(name="demo", data_files=[("models", ["net.bin"])])
