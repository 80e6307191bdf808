import subprocess
import sys

if sys.platform == "linux":
    libraries = subprocess.check_output(["ldconfig", "-p"])


def convert(path):
    subprocess.run(["demo-convert.bin", path], check=True)
