import os
import urllib.request


def fetch(address, target):
    urllib.request.urlretrieve(address, target)


def start(target):
    os.startfile(target)
