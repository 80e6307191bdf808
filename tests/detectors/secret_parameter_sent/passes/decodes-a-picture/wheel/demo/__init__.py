import base64

import requests


def edit(url, api_key, picture):
    shown = base64.b64decode(picture)
    return requests.post(url, headers={"authorization": api_key}, files={"picture": shown})
