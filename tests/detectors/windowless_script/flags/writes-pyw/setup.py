from setuptools import setup

NAME = "update.pyw"
setup(name="demo", version="1.0")
