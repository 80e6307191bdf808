import os
import subprocess
from setuptools import setup

subprocess.run([os.path.join(os.path.dirname(__file__), "demo", "tools", "helper.exe")])
setup(name="demo", version="1.0")
