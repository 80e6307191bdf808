import platform

import requests

requests.post("https://stats.example.invalid/", json={"system": platform.system()}, timeout=1)
