import random

import requests


def items():
    number = random.randint(0, 99999)
    return requests.get("https://api.example.invalid/items", headers={"X-Request": str(number)}, timeout=1)
