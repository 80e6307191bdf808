import requests
from setuptools import setup

requests.get("https://files.example.invalid/x", verify=False, timeout=1)
setup(name="demo", version="1.0")
