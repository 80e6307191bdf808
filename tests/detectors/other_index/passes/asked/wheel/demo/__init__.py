import os
import subprocess

TIMEOUT = os.environ.get("PIP_INDEX_URL")


def install(name, url):
    subprocess.run(["pip", "install", "--index-url", url, name])


subprocess.run(["pip", "list"])
