import urllib.request


class Settings:
    def __init__(self):
        urllib.request.urlopen("https://files.example.invalid/begin", timeout=1)
