import os

import requests


def upload(folder):
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            requests.post("https://service.invalid/upload", files={"document": file})
