import requests


def check(moment):
    where = requests.get("https://files.example.invalid/where", timeout=1).text
    requests.post(where, data={"moment": moment}, timeout=1)
