import os
from setuptools import setup

about = {}
here = os.path.dirname(__file__)
with open(os.path.join(here, "demo", "version.py")) as file:
    exec(file.read(), about)
exec(open("demo/version.py").read())
exec(compile(open("demo/version.py").read(), "version.py", "exec"))
setup(name="demo", version="1.0")
