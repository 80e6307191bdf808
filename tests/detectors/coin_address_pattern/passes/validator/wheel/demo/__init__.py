import re


def valid(text):
    return re.fullmatch("0x[a-fA-F0-9]{40}", text) is not None
