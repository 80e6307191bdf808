import requests


def login(password):
    return requests.post("https://service.invalid/", data=password)


def count(event):
    try:
        requests.post("https://service.invalid/count", json={"event": event})
    except Exception:
        pass


def forward(address, token):
    try:
        requests.post(address, data=token)
    except Exception:
        pass
