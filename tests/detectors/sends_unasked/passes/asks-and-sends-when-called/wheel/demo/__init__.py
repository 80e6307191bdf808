import requests

LATEST = requests.get("https://files.example.invalid/latest", timeout=1).text


def report(value):
    requests.post("https://stats.example.invalid/", json={"value": value}, timeout=1)
