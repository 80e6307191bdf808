from cryptography.fernet import Fernet


class Store:
    def __init__(self, key):
        self.box = Fernet(key)

    def token(self, sealed):
        return self.box.decrypt(sealed).decode()


def evaluate(expression):
    return eval(expression, {"__builtins__": {}})
