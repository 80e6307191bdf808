import socket


class Session:
    def __init__(self, host, password):
        self.address = socket.gethostbyname(host)
        self.password = password
