import socket

ADDRESS = socket.gethostbyname(socket.gethostname())


def resolve(name):
    return socket.getaddrinfo(name, 443)
