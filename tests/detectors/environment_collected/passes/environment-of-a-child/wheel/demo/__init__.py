import os
import subprocess

import requests


def build(command):
    environment = dict(os.environ)
    subprocess.run(command, env=environment, check=True)


def latest():
    return requests.get("https://service.invalid/latest").json()
