import requests


def upload():
    requests.post("https://files.example.invalid/up", files={"f": open("table.csv", "rb")}, timeout=1)
