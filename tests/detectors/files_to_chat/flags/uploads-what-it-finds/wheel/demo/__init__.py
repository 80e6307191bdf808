import os

import requests

BOT = "https://api.telegram.org/bot%s/sendDocument"


def upload(host, folder):
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), "rb") as file:
            requests.post(host, files={"document": file})
