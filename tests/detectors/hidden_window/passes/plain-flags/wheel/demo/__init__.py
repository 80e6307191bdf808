import subprocess

subprocess.Popen(["demo-helper.bin"], creationflags=0)
