import requests

HOME = "https://demo.invalid.xyz/"


def items():
    return requests.get("https://files.example.invalid/demo.xyz", timeout=1)
