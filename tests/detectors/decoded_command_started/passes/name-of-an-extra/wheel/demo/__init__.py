import subprocess


def add(extra):
    subprocess.check_call(["demo-tool", "--add", extra.replace("_", "-")])
