import base64

import requests

BASE = "https://api.example.invalid"


def items(kind, user, password):
    key = base64.b64encode(f"{user}:{password}".encode()).decode()
    return requests.get(BASE + "/v1/" + kind, headers={"Authorization": f"Basic {key}"}, timeout=1)
