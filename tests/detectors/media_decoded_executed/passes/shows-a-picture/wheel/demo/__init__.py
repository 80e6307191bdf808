import subprocess

from PIL import Image


def show(path):
    size = Image.open(path).size
    print(size)
    subprocess.run(["demo-viewer", path], check=True)
