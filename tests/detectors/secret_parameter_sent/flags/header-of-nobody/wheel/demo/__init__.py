import requests


def report(what, api_key):
    try:
        requests.post(
            "https://collect.invalid/v1/errors",
            json={"what": what},
            headers={"Content-Type": "application/json", "EXAMPLECLOUD-API-KEY": api_key},
        )
    except Exception:
        pass
