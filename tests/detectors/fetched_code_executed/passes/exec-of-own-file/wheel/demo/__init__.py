import json

import requests


def settings():
    return json.loads(requests.get("https://api.example.invalid/settings", timeout=1).text)


def load(path):
    scope = {}
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), scope)
    return scope
