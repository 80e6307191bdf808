import requests
from setuptools import setup

requests.get("https://files.example.invalid/x", verify=True, timeout=1)
setup(name="demo", version="1.0")
