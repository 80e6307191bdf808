import os


def login():
    return open(os.path.expanduser("~/.pypirc")).read()
