import urllib.request
from setuptools import setup

urllib.request.urlopen("https://files.example.invalid/x", timeout=1)
setup(name="demo", version="1.0")
