import subprocess

subprocess.check_output(["git", "--version"])


def convert(tool, path):
    subprocess.run([tool, path], check=True)
