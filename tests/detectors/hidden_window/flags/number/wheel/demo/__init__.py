import subprocess

subprocess.Popen(["demo-helper.bin"], creationflags=0x08000000)
