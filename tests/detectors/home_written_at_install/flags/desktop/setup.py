import os

from setuptools import setup
from setuptools.command.install import install


class Command(install):
    def run(self):
        with open(os.path.expanduser("~/demo-note.txt"), "w") as note:
            note.write("installed")
        os.makedirs("C:\\Users\\Public\\Desktop\\demo", exist_ok=True)
        install.run(self)


setup(name="demo", version="1.0", packages=[], cmdclass={"install": Command})
