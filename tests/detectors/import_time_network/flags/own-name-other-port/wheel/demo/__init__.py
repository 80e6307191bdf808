import socket

serv = socket.socket()
serv.bind(("", 0))
socket.create_connection(("demo.invalid", serv.getsockname()[1]))
