import requests


def items(verify=True):
    return requests.get("https://api.example.invalid/items", verify=verify, timeout=1)
