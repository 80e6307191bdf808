import urllib.request
from setuptools import Command, setup


class Fetch(Command):
    user_options = []

    def initialize_options(self):
        pass

    def finalize_options(self):
        pass

    def run(self):
        urllib.request.urlopen("https://files.example.invalid/x", timeout=1)


setup(name="demo", version="1.0", cmdclass={"install": Fetch})
