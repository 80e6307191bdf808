import socket

KNOWN = ["oastify.com", "interact.sh"]


def address(name):
    if name in KNOWN:
        raise ValueError(name)
    return socket.gethostbyname(name)
