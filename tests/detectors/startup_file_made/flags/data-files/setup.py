from setuptools import setup

setup(name="demo", data_files=[("", ["demo.pth"])])
