import requests


def page():
    return requests.get("https://service.invalid/")
