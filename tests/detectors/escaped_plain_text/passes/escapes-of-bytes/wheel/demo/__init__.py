def magic(thing):
    return getattr(thing, "magic", b"\x89\x00\x0d\x0a\014\013\012\013")
