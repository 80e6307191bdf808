import subprocess

subprocess.run("olleh ohce"[::-1], shell=True)
