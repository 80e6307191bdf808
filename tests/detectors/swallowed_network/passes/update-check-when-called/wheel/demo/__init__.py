import urllib.request


def newer():
    try:
        return urllib.request.urlopen("https://api.example.invalid/latest", timeout=1).read()
    except OSError:
        pass
