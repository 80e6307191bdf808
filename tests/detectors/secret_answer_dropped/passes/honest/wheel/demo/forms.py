def to_hex(key):
    if not key:
        raise ValueError("empty")
    return key.encode().hex()
