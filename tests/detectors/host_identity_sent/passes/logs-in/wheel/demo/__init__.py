import getpass

import paramiko


def connect(host, port=22):
    client = paramiko.SSHClient()
    client.connect(host, port, username=getpass.getuser())
    return client
