import subprocess

subprocess.run(["/srv/shared/demo"])
