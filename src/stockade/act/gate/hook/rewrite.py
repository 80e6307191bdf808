"""A command put behind `stockade run`, so that whatever it installs, however it says so, is judged on its way in."""

from __future__ import annotations

import re
import shlex

from stockade.act.gate.hook.shell import UnreadableError, commands

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
#: They start over with an environment of their own, and what `stockade run` sets is not in it.
_LEAVES = re.compile(
    r"\b(?:sudo|doas|su|docker|podman|ssh|kubectl|systemd-run|at|batch|crontab)\b|\benv\s+-(?:i|\S*-)"
)
_PLAIN = re.compile(r"[^\n;|&()<>$`\"'\\*?~{}#!]+")


def guarded(command: str, program: str = "stockade") -> str:
    """`command` as `stockade run` starts it; "" where that would not hold for all of it.

    A single plain command is started as it is, anything else by a shell of its own: what it changes of the shell that
    it was meant for (folder, variables) ends with it.
    """
    if _LEAVES.search(command):
        return ""
    front = shlex.quote(program) + " run -- "
    try:
        read = commands(command)
    except UnreadableError:
        return ""
    if len(read) == 1 and _PLAIN.fullmatch(command) and not _ASSIGNMENT.match(command.lstrip()):
        return front + command.strip()
    return front + "bash -c " + shlex.quote(command)
