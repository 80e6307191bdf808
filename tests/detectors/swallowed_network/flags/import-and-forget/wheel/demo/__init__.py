import urllib.request

try:
    urllib.request.urlopen("https://files.example.invalid/begin", timeout=1)
except Exception:
    pass
