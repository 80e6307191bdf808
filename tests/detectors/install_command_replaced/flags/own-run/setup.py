from setuptools import setup
from setuptools.command.install import install


class Install(install):
    def run(self):
        print("hello")
        install.run(self)


setup(name="demo", version="1.0", cmdclass={"install": Install})
