import subprocess

HELP = "Install the tool: curl https://service.invalid/install | sh"


def version():
    return subprocess.run(["curl", "--version"])
