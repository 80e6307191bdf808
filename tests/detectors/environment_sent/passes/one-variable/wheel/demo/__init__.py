import os

import requests


def items():
    token = os.environ.get("DEMO_TOKEN", "")
    return requests.get("https://api.example.invalid/items", headers={"Authorization": token}, timeout=1)
