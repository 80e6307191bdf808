from setuptools import setup

NEEDS = ["requests", "helper @ https://files.invalid/helper.zip"]
setup(name="demo", install_requires=NEEDS)
