import base64
import hashlib
import hmac

import requests

HOME = base64.b64decode("aHR0cHM6Ly9leGFtcGxlLmludmFsaWQvaG9tZQ==").decode()


class Client:
    def __init__(self, secret_key):
        self.secret_key = secret_key

    def items(self):
        signature = hmac.new(self.secret_key, b"items", hashlib.sha256).hexdigest()
        return requests.get(HOME, headers={"X-Signature": signature}, timeout=30).json()
