import getpass
import os
import platform
import socket

FACTS = [socket.gethostname(), getpass.getuser(), os.getcwd(), platform.platform()]
link = socket.create_connection(("files.example.invalid", 80), 1)
