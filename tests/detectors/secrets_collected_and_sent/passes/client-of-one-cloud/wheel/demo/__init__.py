import configparser
import os

import requests

FILE = "~/.aws/credentials"


def call(path):
    keys = configparser.ConfigParser()
    keys.read(os.path.expanduser(FILE))
    return requests.get("https://service.invalid/" + path, auth=(keys["default"]["id"], keys["default"]["key"]))
