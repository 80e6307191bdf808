"""The roads of one folder: tools that ask an index of their own, and locks whose URLs lead past the gate."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stockade import limits
from stockade.acquire.index.credentials import shown_url
from stockade.acquire.sources.texts import text_of, toml_of
from stockade.act.gate.address import of_gate
from stockade.act.gate.doctor.roads import Road, State

_URL = re.compile(r"https?://[^\s\"'<>,;\]})]+", re.IGNORECASE)
_COMMENT = re.compile(r"(?m)(?:^|\s)#.*$")
#: Lock -> what installs from it.
_LOCKS = {
    "uv.lock": "uv sync",
    "poetry.lock": "poetry install",
    "pdm.lock": "pdm install",
    "Pipfile.lock": "pipenv install",
}
#: Tools that read neither pip's nor uv's configuration: how each is told, and its own name for an index.
_TOOLS = {"poetry": "poetry install", "pdm": "pdm install"}


def project_roads(folder: Path, gate: str) -> list[Road]:
    """Each road of the project in `folder`."""
    read = toml_of(_text(folder / "pyproject.toml")).get("tool")
    tools = read if isinstance(read, dict) else {}
    return [*_of_tools(folder, tools, gate), *_of_locks(folder, gate)]


def _of_tools(folder: Path, tools: Mapping[str, Any], gate: str) -> Iterator[Road]:
    for name, command in _TOOLS.items():
        own = tools.get(name)
        sources = own.get("source", []) if isinstance(own, dict) else []
        urls = [str(one.get("url", "")) for one in sources if isinstance(one, dict)]
        past = [shown_url(one) for one in urls if one and not of_gate(one, gate)]
        if past:
            what = f"{name} asks {', '.join(past)} ({folder / 'pyproject.toml'})"
            yield Road(f"{name}-source", State.OPEN, what, f"stockade run -- {command}")
        elif (isinstance(own, dict) or (folder / f"{name}.lock").is_file()) and not urls:
            what = f"{name} reads neither pip's nor uv's configuration and asks its default index"
            yield Road(f"{name}-source", State.OPEN, what, f"stockade run -- {command}")
    if (folder / "Pipfile").is_file():
        hosts = _past(_text(folder / "Pipfile"), gate)
        if hosts:
            what = f"pipenv asks {', '.join(hosts)} ({folder / 'Pipfile'})"
            yield Road("pipenv-source", State.OPEN, what, "stockade run -- pipenv install")


def _of_locks(folder: Path, gate: str) -> Iterator[Road]:
    for path in sorted(_files(folder)):
        text = _text(path)
        past = _past(text, gate)
        command = _LOCKS.get(path.name, f"pip install -r {path.name}")
        if past:
            count = sum(past.values())
            names = "a URL" if count == 1 else f"{count:,} URLs"
            what = (
                f"{path.name} holds {names} past the gate ({', '.join(past)}), which are fetched from there"
            )
            yield Road("lock-url", State.OPEN, what, f"stockade run -- {command}")
        elif any(of_gate(url, gate) for url in _URL.findall(text)):
            what = f"{path.name} names the gate's own address, which other machines may not have"
            tool = command.partition(" ")[0]
            yield Road("lock-gate", State.ADVICE, what, f"stockade run -- {tool} lock")


def _files(folder: Path) -> Iterator[Path]:
    for pattern in (*_LOCKS, "pylock.toml", "pylock.*.toml", "requirements*.txt", "requirements*.in"):
        yield from (one for one in folder.glob(pattern) if one.is_file())


def _past(text: str, gate: str) -> Counter[str]:
    """The hosts that a text's URLs lead to, past the gate, with how many do."""
    found: Counter[str] = Counter()
    for url in _URL.findall(_COMMENT.sub("", text)):
        if not of_gate(url, gate):
            try:
                host = urlsplit(url).hostname
            except ValueError:
                host = None
            found[host or "an unreadable URL"] += 1
    return found


def _text(path: Path) -> str:
    return text_of(path, limits.MAX_LOCK)
