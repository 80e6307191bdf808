from setuptools import setup

setup(name="demo", url="https://demo.invalid/", install_requires=["a @ git+ssh://git@github.com/demo/a.git"],
      extras_require={"dev": ["tool @ https://files.invalid/tool.whl"]})
