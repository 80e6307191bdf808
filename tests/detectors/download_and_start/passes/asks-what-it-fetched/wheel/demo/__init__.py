import subprocess
import urllib.request


def driver(path):
    urllib.request.urlretrieve("https://files.example.invalid/driver", path)
    return subprocess.check_output([path, "--version"])
