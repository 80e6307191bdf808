import requests


class Client:
    def __init__(self, key):
        self.session = requests.Session()
        self.session.headers["Authorization"] = key

    def items(self):
        return self.session.get("https://api.example.invalid/items", timeout=1).json()
