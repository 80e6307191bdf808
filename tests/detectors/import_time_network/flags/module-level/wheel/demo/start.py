import urllib.request


def begin():
    urllib.request.urlopen("https://files.example.invalid/begin", timeout=1)
