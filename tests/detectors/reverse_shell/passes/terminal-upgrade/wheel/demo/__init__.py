UPGRADES = [
    "import pty; pty.spawn('/bin/bash')",
    "script -q /dev/null",
]
