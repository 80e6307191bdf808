import subprocess


def convert(path):
    subprocess.run(["demo-convert", path], creationflags=subprocess.CREATE_NO_WINDOW)
