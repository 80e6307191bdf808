from pathlib import Path
from setuptools import setup

HELPER = """
import subprocess
subprocess.run(["demo-tool"])
"""
with open("helper.py", "w") as file:
    file.write(HELPER)
setup(name="demo", version="1.0")
