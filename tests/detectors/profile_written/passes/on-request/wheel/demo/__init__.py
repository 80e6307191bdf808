import os

SHELLS = [name for name in (".bashrc", ".zshrc") if os.path.exists(os.path.expanduser("~/" + name))]


def known():
    with open(os.path.expanduser("~/.bashrc")) as profile:
        return profile.read()


TEXT = known()


def install_completion():
    with open(os.path.expanduser("~/.bashrc"), "a") as profile:
        profile.write("eval demo\n")
