import subprocess

from setuptools import setup

subprocess.run(["make"], check=True)
setup(name="demo", packages=["tool"])
