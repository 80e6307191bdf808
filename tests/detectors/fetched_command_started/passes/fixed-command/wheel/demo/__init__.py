import subprocess

import requests


def build():
    requests.post("https://ci.example.invalid/started", timeout=1)
    subprocess.run(["make", "all"], check=True)
