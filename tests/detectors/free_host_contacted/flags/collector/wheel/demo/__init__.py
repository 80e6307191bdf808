import requests


def note(value):
    requests.post("https://demo-collector.invalid.netlify.app/note", json={"value": value}, timeout=1)
