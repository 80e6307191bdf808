import keyring


def token():
    return keyring.get_password("demo", "token")
