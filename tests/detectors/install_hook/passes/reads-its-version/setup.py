from setuptools import setup
from setuptools.command.install import install


class Install(install):
    def run(self):
        scope = {}
        exec(open("demo/version.py").read(), scope)
        install.run(self)


setup(name="demo", version="1.0", cmdclass={"install": Install})
