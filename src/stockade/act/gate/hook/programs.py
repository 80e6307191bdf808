"""Programs that run other programs: shells, wrappers, ``poetry run`` and its like, and how their words are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stockade import limits
from stockade.act.gate.hook import options
from stockade.act.gate.hook.options import given
from stockade.act.gate.hook.shell import Command, UnreadableError, Word, commands

PYTHON = re.compile(r"(?:python|pypy)[\d.]*w?|py")
PIP = re.compile(r"pip-?[\d.]*")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


KEYWORDS = _set("then do else if while until elif ! { } ( ) function coproc")
SHELLS = _set("sh bash zsh dash ash ksh mksh fish busybox su")
DOWNLOADERS = _set("curl wget fetch http https aria2c")
#: Programs that only speak of what stands behind them.
TALKERS = _set("echo printf grep egrep rg ag git cat man which type whereis sed awk tldr alias stockade")
#: Programs that run a text of theirs as a command, somewhere.
ELSEWHERE = _set(
    "ssh docker podman nerdctl kubectl oc lxc incus multipass vagrant wsl adb tmux screen script watch parallel entr"
    " flock nsenter chroot systemd-run srun sbatch xvfb-run nix-shell nix"
)
_VERBS = _set("install add sync download inject run tool")
#: Wrapper -> its options with a value; the command that it runs stands behind them.
WRAPPERS = {
    "sudo": "-u -g -h -p -C -r -t -T -U -D -R --user --group --host --chdir --prompt",
    "doas": "-u -C",
    "env": "-u -C --unset --chdir",
    "nice": "-n --adjustment",
    "ionice": "-c -n -p",
    "timeout": "-s -k --signal --kill-after",
    "time": "-o -f",
    "stdbuf": "-i -o -e",
    "exec": "-a",
    **dict.fromkeys(_set("nohup setsid command builtin noglob nocorrect chronic unbuffer caffeinate"), ""),
}
#: Programs whose own verb runs a command in some environment.
_RUNNERS = {
    **dict.fromkeys(_set("poetry pdm pipenv hatch rye uv conda mamba micromamba"), "run"),
    "pyenv": "exec",
}
_PLACES = dict.fromkeys(("-n", "-p", "-e", "--name", "--prefix", "--env"), options.IGNORED)
_MENTIONS = re.compile(
    r"\b(?:pip[\d.]*|uv|pipx|poetry|pdm|pipenv|easy_install)\b[^\n;|&]{0,200}?\b(?:install|add|sync|download)\b"
    r"|\buvx\s|\bpip\b.{0,80}\bmain\b"
)


def mentions(text: str) -> bool:
    """Whether `text` speaks of an install, quotes or not."""
    return _MENTIONS.search(re.sub(r"[\"'\\]", "", text)) is not None


def name_of(word: Word) -> str:
    """A program's name without its folder; a notebook's ``!pip`` and ``%pip`` count as pip."""
    text = word.text if word.text in {"!", "%"} else word.text.lstrip("!%")
    return text.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")


def has_verb(words: Sequence[Word]) -> bool:
    """Whether one of `words` asks an installer for something."""
    return any(one.text in _VERBS for one in words)


def unwrapped(head: str, words: list[Word]) -> list[Word]:
    """The command that a wrapper runs."""
    line = given(words, dict.fromkeys(WRAPPERS[head].split(), options.IGNORED), stop=1)
    inner = [*line.words, *line.rest]
    return inner[1:] if head == "timeout" else inner


def run_by(name: str, words: list[Word]) -> list[Word]:
    """The command that ``poetry run`` and its like run; [] where it is something else."""
    verb = _RUNNERS.get(name)
    if verb is None:
        return []
    line = given(words, options.UV if name == "uv" else _PLACES, stop=1)
    if not line.words or line.words[0].text != verb:
        return []
    inner = given(line.rest, options.UV_RUN if name == "uv" else _PLACES, stop=1)
    return [*inner.words, *inner.rest]


def executed(words: Sequence[Word]) -> Iterator[list[Word]]:
    """The commands of ``find … -exec COMMAND ;``; what stands for a file only turns out when it runs."""
    inner: list[Word] | None = None
    for one in words:
        if inner is None:
            inner = [] if one.text in {"-exec", "-execdir", "-ok"} else None
        elif one.text in {";", "+"}:
            yield inner
            inner = None
        else:
            inner.append(Word(one.text, one.dynamic or "{}" in one.text))
    if inner:
        yield inner


def reads_input(words: Sequence[Word]) -> bool:
    """Whether an interpreter with these words runs what its standard input says."""
    texts = [one.text for one in words]
    if any(re.fullmatch(r"-[A-Za-z]*[cm].*", text, re.DOTALL) for text in texts):
        return False
    plain = [text for text in texts if not text.startswith("-") or text == "-"]
    return not plain or plain[0] in {"-", "/dev/stdin"} or "-s" in texts


def downloads(command: Command | None) -> bool:
    """Whether what a command prints comes, by whatever pipe, from a download."""
    for _ in range(limits.MAX_HOOK_PIPE):
        if command is None:
            return False
        if any(name_of(word) in DOWNLOADERS for word in command.words[:6]):
            return True
        command = command.piped
    return True  # nobody looked further back


def downloading(text: str) -> bool:
    """Whether a command of `text` downloads something."""
    try:
        return any(downloads(one) for one in commands(text))
    except UnreadableError:
        return False


def said(command: Command | None) -> str | None:
    """What ``echo``, ``printf`` or ``cat`` of a here-document print, None for what cannot be told."""
    if command is None:
        return ""
    head = name_of(command.words[0]) if command.words else ""
    if head in {"echo", "printf"}:
        return " ".join(one.text for one in command.words[1:]).replace("\\n", "\n")
    return command.stdin if head == "cat" else None
