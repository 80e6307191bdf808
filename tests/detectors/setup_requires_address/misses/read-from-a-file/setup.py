from setuptools import setup

setup(name="demo", install_requires=open("needs.txt").read().split())
