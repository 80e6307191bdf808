import subprocess

try:
    VERSION = subprocess.check_output(["demo-tool", "--version"])
except OSError:
    pass


def start():
    try:
        subprocess.Popen(["demo-helper"])
    except OSError:
        pass
