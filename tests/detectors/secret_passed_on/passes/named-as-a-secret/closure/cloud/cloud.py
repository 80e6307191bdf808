from service import fetch


def items(api_key):
    return fetch(api_key)
