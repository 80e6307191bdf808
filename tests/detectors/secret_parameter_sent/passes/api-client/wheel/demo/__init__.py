import requests


def login(user, password):
    answer = requests.post("https://api.example.invalid/login", json={"u": user, "p": password}, timeout=1)
    answer.raise_for_status()
    return answer.json()["token"]
