import subprocess

subprocess.Popen(["demo-helper.bin", "--quiet"])
