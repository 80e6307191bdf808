import requests


def transaction(digest):
    name = bytes.fromhex(digest)[::-1].hex()
    return requests.get(f"https://blocks.example.invalid/api/tx/{name}", timeout=1)


def versions(plain):
    where = "https://files.example.invalid/versions.json"
    if plain:
        where = where.replace("https:", "http:")
    return requests.get(where, timeout=1)
