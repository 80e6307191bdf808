import requests


def publish(text):
    with open("sent.log", "a") as log:
        log.write("sent")
    return requests.post("https://api.example.invalid/notes", json={"text": text}, timeout=1)
