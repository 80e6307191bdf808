import subprocess

from setuptools import setup

with open("probe.c", "w") as source:
    source.write("int main(void) { return 0; }")
subprocess.call(["cc", "probe.c"])
setup(name="demo", version="1.0", packages=[])
