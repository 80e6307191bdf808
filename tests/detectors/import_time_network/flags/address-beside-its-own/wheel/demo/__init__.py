import socket

from demo_other import place

serv = socket.socket()
serv.bind(("", 0))
socket.create_connection(place(serv.getsockname()))
