import requests


class Client:
    def __init__(self, base, key):
        self.session = requests.Session()
        self.version = self.session.get(f"{base}/version", timeout=1).text

    def items(self, key):
        return requests.get("https://api.example.invalid/items", params={"k": key}, timeout=1)
