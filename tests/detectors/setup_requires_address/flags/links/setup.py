import setuptools

setuptools.setup(name="demo", dependency_links=["http://links.invalid/list/"])
