import subprocess

import requests


def unpack(folder):
    version = requests.get("https://files.example.invalid/latest", timeout=1).text
    subprocess.run(["unzip", f"{folder}/demo-{version}.zip", "-d", folder], check=True)
    subprocess.run(["powershell", "-Command", f'Expand-Archive -Path "{folder}/demo-{version}.zip"'], check=True)
    return subprocess.check_output([f"{folder}/demo-{version}", "--version"])
