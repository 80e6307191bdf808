import os

HELP = "To install the tool itself: curl -s https://files.example.invalid/x.sh | bash"


def install_completion():
    with open(os.path.expanduser("~/.bashrc"), "a") as profile:
        profile.write("source ~/.demo/completion.sh\n")


def script(path):
    with open(path, "w") as out:
        out.write("curl -s https://files.example.invalid/x.sh | bash\n")
