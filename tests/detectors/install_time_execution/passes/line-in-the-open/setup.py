import sys

from setuptools import setup

if sys.version_info[0] == 2:
    # Python 3 has no such statement.
    exec("def reraise(kind, value, where):\n    raise kind, value, where\n")

setup(name="demo", version="1.0", py_modules=["demo"])
