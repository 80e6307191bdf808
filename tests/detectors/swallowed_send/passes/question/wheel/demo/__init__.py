import requests


def article(number):
    try:
        return requests.get("https://library.example.invalid/fetch", params={"id": number}, timeout=1)
    except requests.RequestException:
        pass
