import os
import socket


def replaced(server):
    fresh, other = socket.socketpair()
    number = server.fileno()
    server.close()
    os.dup2(fresh.fileno(), number)
    other.connect(("demo.invalid", 80))
