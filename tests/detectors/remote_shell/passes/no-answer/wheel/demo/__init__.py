import socket
import subprocess


def serve(host, port):
    link = socket.socket()
    link.connect((host, port))
    subprocess.run(["demo-report", link.recv(1024).decode()])
