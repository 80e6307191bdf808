from setuptools import setup

from tasks import prepare

prepare()
setup(name="demo", version="1.0")
