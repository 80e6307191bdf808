import subprocess

subprocess.run(["true"], check=False)


def add(a, b):
    return a + b
