import base64
import subprocess


def run(script):
    sealed = base64.b64encode(script.encode("utf-16-le")).decode()
    subprocess.run(["pwsh", "-EncodedCommand", sealed], check=True)
