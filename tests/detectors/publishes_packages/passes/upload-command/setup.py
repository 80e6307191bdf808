import os
import sys
from setuptools import Command, setup


class Upload(Command):
    user_options = []

    def initialize_options(self):
        pass

    def finalize_options(self):
        pass

    def run(self):
        os.system("{0} setup.py sdist bdist_wheel --universal".format(sys.executable))
        os.system("twine upload dist/*")
        os.system("git push --tags")
        sys.exit()


setup(name="demo", version="1.0", cmdclass={"upload": Upload})
