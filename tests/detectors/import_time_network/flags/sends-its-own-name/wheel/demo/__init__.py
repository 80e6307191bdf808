import socket

line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line.bind(("", 0))
line.sendto(str(line.getsockname()).encode(), ("demo.invalid", 53))
