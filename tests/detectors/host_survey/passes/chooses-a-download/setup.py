import platform
import urllib.request
from setuptools import setup

name = f"demo-{platform.system()}-{platform.machine()}-{platform.architecture()[0]}.zip"
urllib.request.urlretrieve(f"https://files.example.invalid/{name}", name)
setup(name="demo", version="1.0")
