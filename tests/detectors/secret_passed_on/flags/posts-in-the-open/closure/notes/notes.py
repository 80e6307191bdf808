import requests


def note(text):
    requests.post("https://notes.example.invalid/add", data=text, timeout=3).raise_for_status()
