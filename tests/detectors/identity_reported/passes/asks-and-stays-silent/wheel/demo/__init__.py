import getpass


def greeting():
    return "Hello, " + getpass.getuser()
