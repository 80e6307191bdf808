import subprocess
from pathlib import Path
from setuptools import setup

setup(name="demo", version="1.0", long_description=Path("README").read_text())
