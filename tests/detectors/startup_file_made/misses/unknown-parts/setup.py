import os
import site
from setuptools import setup

def name(ending):
    return "demo." + ending.strip()


with open(os.path.join(site.getsitepackages()[0], name(input())), "w") as file:
    file.write("import os")
