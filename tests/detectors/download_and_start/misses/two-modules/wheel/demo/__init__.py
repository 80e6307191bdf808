import subprocess

from demo import fetch

subprocess.run(["./tool.bin"])
