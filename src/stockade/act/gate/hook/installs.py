"""Which installs a shell command holds: through wrappers, ``bash -c``, substitutions and pipes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stockade import limits
from stockade.act.gate.hook import programs
from stockade.act.gate.hook.found import Doubt, Found, Install, Place
from stockade.act.gate.hook.programs import name_of
from stockade.act.gate.hook.shell import Command, UnreadableError, Word, commands
from stockade.act.gate.hook.tools import MODULES, TOOLS

_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)\+?=(?P<value>.*)", re.DOTALL)
_DEEP = Doubt("is nested too deeply to be followed")
_UNSEEN = Doubt("runs what it downloads, unseen")
_BY_PYTHON = Doubt("has Python code start an install")


def installs(text: str, cwd: Path) -> list[Found]:
    """What the shell command `text`, run in `cwd`, would install, and what keeps that from being told."""
    walk = _Walk()
    walk.script(text, Place(cwd), 0)
    return [*dict.fromkeys(walk.doubts), *walk.wanted]


@dataclass(slots=True)
class _At:
    """Where a command stands: `place` keeps what it sets, `own` holds for it alone."""

    command: Command
    place: Place
    own: Place
    depth: int

    def inside(self) -> _At:
        """Of a command that another one runs."""
        return _At(self.command, self.own.copy(), self.own, self.depth + 1)


class _Walk:
    """Goes through commands in their order; a folder or a variable that one sets holds for those behind it."""

    def __init__(self) -> None:
        self.wanted: list[Install] = []
        self.doubts: list[Doubt] = []

    def script(self, text: str, place: Place, depth: int) -> None:
        """Every command of a script."""
        if depth > limits.MAX_HOOK_DEPTH:
            self.doubts.append(_DEEP)
            return
        try:
            read = commands(text)
        except UnreadableError as why:
            if programs.mentions(text):
                self.doubts.append(Doubt(f"speaks of an install and cannot be read ({why})"))
            return
        places = [place]
        for command in read:
            del places[command.depth + 1 :]
            while len(places) <= min(command.depth, limits.MAX_HOOK_DEPTH):
                places.append(places[-1].copy())  # a subshell keeps what it sets to itself
            for inner in command.inner:
                self.script(inner, places[-1].copy(), depth + 1)
            self._simple(command.words, _At(command, places[-1], places[-1], depth))

    def _simple(self, words: list[Word], at: _At) -> None:
        """One command with its words, from wrapper to wrapper."""
        if at.depth > limits.MAX_HOOK_DEPTH:
            self.doubts.append(_DEEP)
            return
        while words:
            head = name_of(words[0])
            if match := _ASSIGNMENT.fullmatch(words[0].text):
                at.own = at.own.copy()
                at.own.env[match["name"]] = Word(match["value"], words[0].dynamic)
                if len(words) == 1:
                    at.place.env.update(at.own.env)
                words = words[1:]
            elif head in programs.KEYWORDS:
                words = words[1:]
            elif head in programs.WRAPPERS:
                words = programs.unwrapped(head, words[1:])
            else:
                break
        if words and not self._builtin(head, words[1:], at):
            self._program(head, words, at)

    def _builtin(self, head: str, words: list[Word], at: _At) -> bool:
        """What changes the shell itself; False where it is something else."""
        match head:
            case "cd" | "pushd":
                named = [one for one in words if not one.text.startswith("-") or one.text == "-"]
                at.place.enter(named[0] if named else Word("~"))
            case "export" | "declare" | "typeset" | "readonly" | "local":
                for one in words:
                    if match := _ASSIGNMENT.fullmatch(one.text):
                        at.place.env[match["name"]] = Word(match["value"], one.dynamic)
            case "unset":
                for one in words:
                    at.place.env.pop(one.text, None)
            case "eval":
                self._unseen(words, at)
                self.script(" ".join(one.text for one in words), at.own, at.depth + 1)
            case "source" | ".":
                self._unseen(words, at)
            case _:
                return False
        return True

    def _program(self, head: str, words: list[Word], at: _At) -> None:
        """A shell, a Python, an installer, or any other program."""
        rest = words[1:]
        name = "pip" if programs.PIP.fullmatch(head) else head
        if head in programs.SHELLS:
            self._shell(rest, at)
        elif programs.PYTHON.fullmatch(head):
            self._python(rest, at)
        elif head == "find":
            for inner in programs.executed(rest):
                self._simple(inner, at.inside())
        elif name in TOOLS or programs.run_by(name, rest):
            self._keep(TOOLS[name](rest, at.own) if name in TOOLS else [])
            self._simple(programs.run_by(name, rest), at.inside())
        elif words[0].dynamic and any(char in head for char in "$`") and programs.has_verb(rest):
            self.doubts.append(Doubt(f"runs a program that only turns out when it runs ({words[0].text})"))
        elif head not in programs.TALKERS:
            self._handed(head, rest)

    def _keep(self, found: Sequence[Found]) -> None:
        for one in found:
            if isinstance(one, Doubt):
                self.doubts.append(one)
            elif one not in self.wanted:
                self.wanted.append(one)

    def _unseen(self, words: Sequence[Word], at: _At) -> None:
        """A program that is downloaded and run in one go."""
        inside = [text for one in words for text in one.inner] + at.command.inner
        piped = programs.reads_input(words) and programs.downloads(at.command.piped)
        if piped or any(map(programs.downloading, inside)):
            self.doubts.append(_UNSEEN)

    def _shell(self, words: list[Word], at: _At) -> None:
        self._unseen(words, at)
        flag = next((n for n, one in enumerate(words) if re.fullmatch(r"-[A-Za-z]*c", one.text)), None)
        if flag is not None:
            for one in words[flag + 1 : flag + 2]:
                self.script(one.text, at.own.copy(), at.depth + 1)
        elif programs.reads_input(words):
            stdin = at.command.stdin
            text = programs.said(at.command.piped) if stdin is None else stdin
            if text is not None:
                self.script(text, at.own.copy(), at.depth + 1)
            elif not programs.downloads(at.command.piped):
                self.doubts.append(Doubt("runs what another program prints, unseen"))

    def _python(self, words: list[Word], at: _At) -> None:
        self._unseen(words, at)
        for number, one in enumerate(words):
            behind = words[number + 1 :]
            flag = re.fullmatch(r"-[A-Za-z]*?(?P<what>[cm])(?P<joined>.*)", one.text, re.DOTALL)
            if flag is not None:
                joined = [Word(flag["joined"], one.dynamic)] if flag["joined"] else []
                self._given_to_python(flag["what"], [*joined, *behind], at)
                return
            if not one.text.startswith("-"):
                if name_of(one) == "setup.py" and any(each.text in {"install", "develop"} for each in behind):
                    self.doubts.append(Doubt("installs what setup.py asks for, past pip"))
                return
        if at.command.stdin is not None and programs.mentions(at.command.stdin):
            self.doubts.append(_BY_PYTHON)

    def _given_to_python(self, what: str, words: list[Word], at: _At) -> None:
        """``-c CODE`` or ``-m MODULE``."""
        if not words:
            return
        module = words[0].text.partition(".")[0]
        if what == "c":
            if programs.mentions(words[0].text):
                self.doubts.append(_BY_PYTHON)
        elif module in MODULES:
            self._keep(MODULES[module](words[1:], at.own))
        elif words[0].dynamic and programs.has_verb(words[1:]):
            self.doubts.append(Doubt("runs a module that only turns out when it runs"))

    def _handed(self, head: str, words: Sequence[Word]) -> None:
        """An install among the words that a program gets: whether and where it runs that, nobody knows here."""
        for number, one in enumerate(words):
            name = name_of(one)
            tool = name in TOOLS or programs.PIP.fullmatch(name)
            asked = name == "uvx" or programs.has_verb(words[number + 1 : number + 4])
            quoted = head in programs.ELSEWHERE and " " in one.text and programs.mentions(one.text)
            if (tool and asked) or quoted:
                self.doubts.append(Doubt(f"hands an install to {head}, where it is not followed"))
                return
