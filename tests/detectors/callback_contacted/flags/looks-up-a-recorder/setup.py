import socket

from setuptools import setup

NAME = "demo.oastify.com"
try:
    socket.gethostbyname(NAME)
except OSError:
    pass
setup(name="demo", version="1.0", packages=[])
