import subprocess

try:
    import numpy
except ImportError:
    raise ImportError("numpy is needed: pip install demo[numpy]")


def add(plugin):
    subprocess.check_call(["pip", "install", plugin])
