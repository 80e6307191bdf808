import os

from setuptools import setup
from setuptools.command import egg_info


class Described(egg_info.egg_info):
    def run(self):
        egg_info.egg_info.run(self)
        path = os.path.join(self.egg_info, "PKG-INFO")
        with open(path, "a") as out:
            out.write("Project-URL: Documentation, https://docs.example.invalid/\n")


setup(name="demo", version="1.0", cmdclass={"egg_info": Described})
