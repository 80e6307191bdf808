from setuptools import setup

parts = ["print", "('built')"]
exec("".join(parts))
setup(name="demo", version="1.0")
