from setuptools import setup
from setuptools.command import egg_info


class Told(egg_info.egg_info):
    def run(self):
        egg_info.egg_info.run(self)
        print("hello")


setup(name="demo", version="1.0", cmdclass={"egg_info": Told})
