import base64

HOME = base64.b64decode("aHR0cHM6Ly9leGFtcGxlLmludmFsaWQvaG9tZQ==").decode()
