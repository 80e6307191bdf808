import subprocess
import urllib.request


def data(path):
    urllib.request.urlretrieve("https://data.example.invalid/set.csv", path)
    return path


def version():
    return subprocess.check_output(["git", "--version"])
