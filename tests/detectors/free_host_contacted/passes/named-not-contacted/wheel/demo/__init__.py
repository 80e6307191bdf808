import requests

DEMONSTRATION = "https://demo.invalid.netlify.app/"


def items():
    return requests.get("https://api.example.invalid/netlify.app", timeout=1)
