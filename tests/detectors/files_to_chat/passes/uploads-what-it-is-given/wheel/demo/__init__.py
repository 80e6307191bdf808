import requests

BOT = "https://api.telegram.org/bot%s/sendDocument"


def upload(token, file):
    return requests.post(BOT % token, files={"document": file})
