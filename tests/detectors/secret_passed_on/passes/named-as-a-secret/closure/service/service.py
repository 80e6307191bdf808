import requests


def fetch(api_key):
    answer = requests.get("https://api.service.invalid/items", headers={"X-Key": api_key}, timeout=30)
    answer.raise_for_status()
    return answer.json()
