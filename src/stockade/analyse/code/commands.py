"""The command lines that process calls start: what is known of them, and which only run a tool of a build."""

from __future__ import annotations

import re

from stockade.analyse.code.abstract import HOLE
from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import first_text, flat, from_network
from stockade.analyse.code.vocabulary import BUILD_TOOLS

#: What separates commands in a shell, or joins them.
_SHELL = re.compile(r"[|;&`<>\n]|\$\(")
#: What starts another program, or code, that it is given.
_INTERPRETER_NAMES = (
    "cmd powershell pwsh sh bash zsh dash python python3 pythonw py start sudo env nohup node wscript cscript rundll32"
    " mshta perl ruby exec call"
)
_INTERPRETERS = frozenset(_INTERPRETER_NAMES.split())
#: An option of a program or of a Windows shell; a path has more than one part.
_OPTION = re.compile(r"-|/\w{1,2}$")
#: A program on the search path that is asked for its version and nothing else.
_QUESTION = re.compile(r"[A-Za-z][\w.+]* (?:--?version|-V|--?help)")
#: The same put to a program whose place is looked up at run time.
_ASKED = frozenset({"--version", "-version", "-V", "-v", "--help", "-help"})
#: Where packages of build tools say that their programs lie.
_TOOL_PLACES = frozenset({"cmake.CMAKE_BIN_DIR", "ninja.BIN_DIR"})
#: A program by its bare name, and a source file of a language that is compiled, by its relative path.
_TOOL = re.compile(r"[A-Za-z][\w+-]*")
_COMPILED = re.compile(
    r"\w[\w./-]*\.(?:hpp|hh?|cpp|cxx|cc?|rs|proto|pyx|pxd|ya?cc|lex|f90|f|thrift|fbs|idl|capnp|ui|qrc|pot?)"
)
#: The steps of a release, which setup.py runs for its maintainer behind an argument of its own.
_RELEASE = re.compile(
    r"(?:python3? setup\.py (?:sdist|bdist_wheel|register|upload|test|build)|twine (?:upload|check))\b"
)
#: The same where the interpreter's name is put in at run time; the whole line, so that nothing rides along.
_RELEASE_LINE = re.compile(
    r"os\.system\(\s*f?(['\"])\{(?:0|sys\.executable)?\} setup\.py [\w -]+\1(?:\.format\(sys\.executable\))?\s*\)"
)
#: A script by a builder's name that came along with the sources, with settings before it and plain words after it. What
#: is in it is for those who read scripts.
_OWN_BUILD = re.compile(
    r"(?:[A-Z_][A-Z0-9_]*=[\w./+-]* )*(?:(?:ba|da|z)?sh )?\./(?:[\w-]+/)*"
    r"(?:make|build|autogen|bootstrap|compile)[\w-]*\.sh(?: [\w=./+-]+)*"
)
#: Where programs lie that the system's owner put there.
_SYSTEM = re.compile(r"/(?:usr/(?:local/)?|opt/[\w.-]+/)?s?bin/(?=[\w.+-]+$)")


def command(call: Call) -> str:
    """The command line that a process call starts, as far as it is known; "" if it isn't."""
    return " ".join(flat(call.arg(0, "args", "cmd", "command")))


def asks_a_tool(call: Call) -> bool:
    """Whether a process call only runs a known build tool, with nothing joined to it by a shell."""
    words = command(call).strip()
    if _RELEASE_LINE.fullmatch(call.excerpt) or (_RELEASE.match(words) and not _SHELL.search(words)):
        return True
    first = words.split(maxsplit=1)[0] if words else ""
    if _QUESTION.fullmatch(words) or _OWN_BUILD.fullmatch(words) or _only_asks(call) or _packaged(call):
        return True
    if not first and call.target.startswith("subprocess.") and "shell" not in call.keywords:
        # A list whose first word is known; without a shell, the rest is handed to that program as it is.
        return _SYSTEM.sub("", first_text(call.arg(0, "args", "cmd", "command").const)) in BUILD_TOOLS
    if _generates(call):
        return True
    return _SYSTEM.sub("", first).lower() in BUILD_TOOLS and not _SHELL.search(words)


def _generates(call: Call) -> bool:
    """Whether a list without a shell hands nothing but options and sources of a compiled language to a tool by name."""
    const = call.arg(0, "args", "cmd", "command").const
    if (
        not call.target.startswith("subprocess.")
        or "shell" in call.keywords
        or not isinstance(const, (list, tuple))
    ):
        return False
    words = [word if isinstance(word, str) else "" for word in const]
    if len(words) < 2 or not _TOOL.fullmatch(words[0]) or words[0].lower() in _INTERPRETERS:
        return False
    rest = [word for word in words[1:] if not _OPTION.match(word)]
    return bool(rest) and all(map(_COMPILED.fullmatch, rest))


def _packaged(call: Call) -> bool:
    """Whether a list without a shell starts what a build tool's own package says where it lies (``cmake``'s wheel)."""
    const = call.arg(0, "args", "cmd", "command").const
    computed = (
        isinstance(const, (list, tuple)) and bool(const) and (const[0] is None or HOLE in str(const[0]))
    )
    told = not _TOOL_PLACES.isdisjoint(call.origins) and not from_network(call.origins)
    return computed and told and "shell" not in call.keywords


def program(call: Call) -> str:
    """The program that a process call starts, as far as it is known; what an interpreter or a shell is given counts.

    A part that is not known is HOLE; "" if nothing is.
    """
    const = call.arg(0, "args", "cmd", "command", "filepath").const
    words = const.split() if isinstance(const, str) else const if isinstance(const, (list, tuple)) else ()
    if isinstance(const, str) and len(words) > 1 and words[0].startswith((HOLE, '"', "'")):
        # A path may hold blanks.
        return const
    for word in words:
        text = word if isinstance(word, str) else HOLE
        name = _SYSTEM.sub("", text).lower().removesuffix(".exe")
        if name not in _INTERPRETERS and not _OPTION.match(name):
            return text
    return ""


def program_stands(call: Call) -> bool:
    """Whether the program that a process call starts is written out, so that only its arguments are not known."""
    if _only_asks(call):
        return True
    words = program(call).split(maxsplit=1)
    return bool(words) and HOLE not in words[0]


def _only_asks(call: Call) -> bool:
    """Whether a list of two words without a shell asks whatever program it starts for its version."""
    const = call.arg(0, "args", "cmd", "command").const
    if not isinstance(const, (list, tuple)) or len(const) != 2 or "shell" in call.keywords:
        return False
    return call.target.startswith("subprocess.") and const[1] in _ASKED
