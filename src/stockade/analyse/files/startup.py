"""Files that the interpreter reads each time it starts: .pth (the site module) and .start (PEP 829)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from stockade import limits
from stockade.analyse.files.facts import StartupLine
from stockade.analyse.files.spelled import spelled
from stockade.analyse.unpack.paths import logical
from stockade.model.artifact import Kind
from stockade.model.evidence import Location

_ENDINGS = (".pth", ".start")
_NEWLINE = re.compile(r"\r\n|\r|\n")
#: PEP 829: an object reference as in entry points, ``package.module:callable``.
_REFERENCE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def is_startup(member_path: str, kind: Kind, root: str | None = None) -> bool:
    """Whether the interpreter would read the file: at the top of site-packages, in a wheel.

    A build may move a file of an sdist to anywhere, so there any depth counts.
    """
    if not member_path.lower().endswith(_ENDINGS):
        return False
    return kind is not Kind.WHEEL or "/" not in logical(member_path, kind, root)


def bounded_lines(path: str, data: bytes) -> tuple[list[StartupLine], bool]:
    """The first lines of `startup_lines`, and whether there are more than anybody needs."""
    lines = list(islice(startup_lines(path, data), limits.MAX_STARTUP_LINES + 1))
    return lines[: limits.MAX_STARTUP_LINES], len(lines) > limits.MAX_STARTUP_LINES


def started(line: StartupLine) -> Iterator[str]:
    """What a line that executes imports, and (of a .start file) the function that it calls, by their dotted names."""
    if not line.executes:
        return
    module, colon, function = line.text.strip().partition(":")
    if colon and _REFERENCE.fullmatch(line.text.strip()):
        yield from (module, f"{module}.{function}")
        return
    words = line.text.partition(";")[0].removeprefix("import").replace(":", ",").split(",")
    yield from (word.split()[0] for word in words if word.split())


def startup_lines(path: str, data: bytes) -> Iterator[StartupLine]:
    """Each line of a .pth or .start file that is not blank or a comment, with its number from 1.

    `path` as it is to be shown. Of a .pth, a line that begins with ``import`` and a blank executes. Older
    versions of the site module end lines at newlines only, newer ones at everything that str.splitlines knows;
    a line executes if it does for either, and is numbered by newlines, as editors do. Of a .start, every line
    that is an object reference executes. Of binary files (models are also named .pth) only lines that execute
    count, since the interpreter would skip the rest.
    """
    binary = b"\0" in data[:4096]
    starts = path.lower().endswith(".start")
    for number, whole in enumerate(_NEWLINE.split(_text(data)), 1):
        parts = whole.splitlines() or [whole]
        lines = parts if starts or len(parts) == 1 else [whole, *parts[1:]]
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            runs = _REFERENCE.fullmatch(line.strip()) is not None if starts else _imports(line)
            if binary and ("\0" in line or not runs):
                continue
            says = spelled(line) if runs else line
            yield StartupLine(text=line, says=says, executes=runs, where=Location(file=path, line=number))


def _imports(line: str) -> bool:
    return line.startswith(("import ", "import\t"))


def _text(data: bytes) -> str:
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
