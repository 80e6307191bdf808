import subprocess


def start(target):
    subprocess.run([target], check=True)
