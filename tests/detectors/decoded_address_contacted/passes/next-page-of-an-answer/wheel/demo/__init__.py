import base64
import json

import requests


def pages(session, start):
    answer = requests.get(start, timeout=1)
    while answer.ok:
        cursor = json.loads(base64.b64decode(answer.json()["cursor"]))
        answer = requests.get(cursor["next"], timeout=1)
