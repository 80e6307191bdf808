import requests


class Client:
    def __init__(self, api_key, base_url="https://api.service.invalid"):
        self.api_key = api_key
        self.base_url = base_url

    def _headers(self):
        return {"Authorization": f"Bearer {self.api_key}"}

    def items(self):
        return requests.get(f"{self.base_url}/items", headers=self._headers(), timeout=30).json()
