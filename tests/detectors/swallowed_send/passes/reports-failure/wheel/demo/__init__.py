import requests


def begin(config):
    try:
        requests.post("https://api.example.invalid/check", json={"c": config.key}, timeout=1)
    except requests.RequestException as why:
        raise RuntimeError("not reached") from why


def ping():
    try:
        requests.get("https://api.example.invalid/ping", timeout=1)
    except Exception:
        pass
