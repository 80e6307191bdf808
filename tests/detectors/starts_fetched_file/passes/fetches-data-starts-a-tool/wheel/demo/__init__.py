import subprocess
import urllib.request


def fetch(address, target):
    urllib.request.urlretrieve(address, target)


def version(tool):
    return subprocess.check_output([tool, "--version"])
