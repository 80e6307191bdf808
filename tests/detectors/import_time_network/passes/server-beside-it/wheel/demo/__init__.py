import requests

try:
    AVAILABLE = requests.get("http://127.0.0.1:8377/health").ok
except requests.ConnectionError:
    AVAILABLE = False
