import win32crypt


def open_sealed(blob):
    return win32crypt.CryptUnprotectData(blob, None, None, None, 0)[1]
