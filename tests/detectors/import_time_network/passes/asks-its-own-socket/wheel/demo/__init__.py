import socket


def works():
    serv = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    serv.bind(("::", 0))
    serv.listen(5)
    socket.create_connection(serv.getsockname()[:2]).close()
    return True


WORKS = works()
