import requests


class Service:
    def __init__(self, api_key):
        self.api_key = api_key

    def items(self):
        headers = {"Authorization": f"Bearer {self.api_key}"}
        return requests.get("https://api.service.invalid/items", headers=headers, timeout=30).json()
