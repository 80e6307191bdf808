import subprocess

try:
    subprocess.Popen(["demo-helper", "--quiet"])
except Exception:
    pass
