import os
import site
from setuptools import setup

with open(os.path.join(site.getsitepackages()[0], "demo.pth"), "w") as file:
    file.write("import os")
setup(name="demo")
