import requests


def tier(api_key):
    try:
        return requests.get(
            "https://api.example.invalid/v1/key", headers={"Authorization": f"Bearer {api_key}"}, timeout=1
        )
    except requests.RequestException:
        pass
