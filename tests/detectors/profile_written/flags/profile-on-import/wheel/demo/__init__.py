import os

with open(os.path.expanduser("~/.bashrc"), "a") as profile:
    profile.write("echo demo\n")
