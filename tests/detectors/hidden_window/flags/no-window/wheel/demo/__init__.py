import subprocess

subprocess.Popen(["demo-helper.bin"], creationflags=subprocess.CREATE_NO_WINDOW)
