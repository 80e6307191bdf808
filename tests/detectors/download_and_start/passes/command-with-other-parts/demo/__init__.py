import subprocess
import urllib.request


def fetch(path):
    urllib.request.urlretrieve("https://data.example.invalid/set.csv", path)


def edit(path):
    subprocess.run(["demo-editor", path])


def main():
    fetch("set.csv")
    edit("notes.txt")
