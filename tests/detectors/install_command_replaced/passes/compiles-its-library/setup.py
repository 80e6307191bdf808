import os
import shutil

from setuptools import setup
from setuptools.command.develop import develop


class Develop(develop):
    def run(self):
        print("building")
        os.system("MODE=release bash ./make.sh -j 4")
        os.system("cmake --build .")
        shutil.copy("libdemo.so", "demo/libdemo.so")
        develop.run(self)


setup(name="demo", version="1.0", packages=["demo"], cmdclass={"develop": Develop})
