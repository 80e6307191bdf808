import subprocess

subprocess.Popen(["python3", "-c", "import demo_helper"])
