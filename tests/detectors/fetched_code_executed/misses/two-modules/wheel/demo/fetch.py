import urllib.request

from demo import box


def fill():
    box.content = urllib.request.urlopen("https://files.example.invalid/code", timeout=1).read()
