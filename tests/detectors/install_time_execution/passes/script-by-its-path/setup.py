import runpy

from setuptools import setup

setup(name="demo", version=runpy.run_path("demo/version.py")["VERSION"])
