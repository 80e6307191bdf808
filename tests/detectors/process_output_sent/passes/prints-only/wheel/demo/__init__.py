import subprocess

import requests


def version():
    print(subprocess.check_output(["git", "describe"]))
    return requests.get("https://api.example.invalid/version", timeout=1)
