import socket
import subprocess


def serve(host, port):
    link = socket.socket()
    link.connect((host, port))
    link.recv(1024)
    done = subprocess.run(["demo-report"], capture_output=True)
    link.send(done.stdout)
