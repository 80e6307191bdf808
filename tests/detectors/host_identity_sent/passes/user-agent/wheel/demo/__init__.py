import platform

import requests


def items():
    agent = f"demo/1.0 ({platform.system()}; Python {platform.python_version()})"
    return requests.get("https://api.example.invalid/items", headers={"User-Agent": agent}, timeout=1)
