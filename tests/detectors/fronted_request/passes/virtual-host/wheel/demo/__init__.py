import requests


def state(address):
    requests.get("http://127.0.0.1:8080/state", headers={"Host": "demo.example.invalid"}, timeout=1)
    requests.get(f"http://{address}/state", headers={"Host": "demo.example.invalid"}, timeout=1)
    return requests.get("https://api.example.invalid/state", headers={"Host": "www.example.invalid"}, timeout=1)
