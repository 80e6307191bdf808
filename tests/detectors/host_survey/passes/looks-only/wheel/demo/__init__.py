import getpass
import os
import platform
import socket
import urllib.request

FACTS = [socket.gethostname(), getpass.getuser(), os.getcwd(), platform.platform()]


def send():
    return urllib.request.urlopen("https://api.example.invalid/", timeout=1)
