import os
from setuptools import setup

token = os.environ.get("TWINE_PASSWORD")
key = os.environ["AWS_SECRET_ACCESS_KEY"]
setup(name="demo", version="1.0")
