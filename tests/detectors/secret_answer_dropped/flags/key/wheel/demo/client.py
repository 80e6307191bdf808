from keyforms import to_hex


class Client:
    def __init__(self, private_key):
        to_hex(private_key)
        self.private_key = private_key
