"""Files that hold credentials by nobody's plan: .env files, settings of projects, a shell's history.

A home has hundreds of thousands of files; only names that such things have are opened, and folders that nobody writes
by hand (environments, caches, packages, histories of git) are not entered.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from stockade import limits
from stockade.acquire.credentials.formats import dotenv, text_of, unquoted
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.shapes import found_in
from stockade.acquire.credentials.spots import placeholder
from stockade.acquire.credentials.variables import credentials_of
from stockade.model.credential import Kind, Life

_VARIABLES = (".env", ".env.*", "*.env", ".envrc")
_TEXTS = (
    *(
        "docker-compose*.yml",
        "docker-compose*.yaml",
        "compose.yml",
        "compose.yaml",
        "*.ipynb",
        "*.tfvars",
        "*.tfstate",
    ),
    *(
        "secrets.toml",
        "secrets.yml",
        "secrets.yaml",
        "secrets.json",
        "local_settings.py",
        ".npmrc",
        "pip.conf",
    ),
)
#: Files of the home folder itself in which commands were written down.
HISTORIES = (
    *(
        ".bash_history",
        ".zsh_history",
        ".python_history",
        ".psql_history",
        ".mysql_history",
        ".node_repl_history",
    ),
    *(".local/share/fish/fish_history", ".history", ".sh_history"),
)
_SKIPPED = frozenset(
    (
        *(
            "node_modules",
            "__pycache__",
            "site-packages",
            "dist-packages",
            ".git",
            ".hg",
            ".svn",
            ".tox",
            ".nox",
        ),
        *(
            ".venv",
            "venv",
            ".mypy_cache",
            ".ruff_cache",
            ".pytest_cache",
            ".cache",
            ".npm",
            ".cargo",
            ".rustup",
        ),
        *(
            ".pyenv",
            ".conda",
            "miniconda3",
            "anaconda3",
            "miniforge3",
            ".gradle",
            ".m2",
            ".local",
            ".mozilla",
            "snap",
        ),
        *(
            ".steam",
            ".wine",
            "Trash",
            ".Trash",
            ".nvm",
            ".rbenv",
            ".vscode",
            ".vscode-server",
            ".cursor",
            "Library",
        ),
    )
)
#: Examples are copied into repositories on purpose, and hold nothing.
_EXAMPLES = ("example", "sample", "template", "dist", "defaults")


def histories(home: Home) -> Iterator[tuple[Path, Found]]:
    """What was typed with a secret in it: variables that were set, headers, passwords, logins, known tokens."""
    for name in HISTORIES:
        path = home.root / name
        data = home.read(path)
        if data:
            yield from ((path, found) for found in typed(data))


def typed(data: bytes) -> Iterator[Found]:
    """Secrets in commands."""
    text = text_of(data)
    for known in found_in(data):
        yield replace(known, item="")
    for variable, value in _SET.findall(text):
        yield from credentials_of({variable: unquoted(value)})
    for url in _ADDRESS.findall(text):
        yield from credentials_of({"": url})
    for match in _GIVEN.finditer(text):
        value = next(one for one in match.groups() if one)
        if not placeholder(value):
            yield Found(provider="unknown", kind=Kind.PASSWORD, secret=Secret(value), life=Life.UNKNOWN)


#: ``export NAME=value`` and ``NAME=value command``; an address with a login; headers, and options of known programs.
_SET = re.compile(
    r"""(?:^|[\s;&])([A-Z][A-Z0-9_]{2,63})=("[^"\n]{1,4096}"|'[^'\n]{1,4096}'|[^\s;&|]{1,4096})"""
)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s'\"@/:]{1,200}:[^\s'\"@/]{1,200}@[^\s'\"]{1,500}")
_GIVEN = re.compile(
    r"(?:x-[a-z-]{0,40}(?:key|token|secret)|authorization|private-token): ?(?:bearer |basic |token )?([^\s'\"]{8,4096})"
    r"|--(?:password|passwd|token|api-key|secret)[ =]['\"]?([^\s'\"]{6,4096})"
    r"|\bmysql(?:dump)? [^\n|;]{0,400}?-p([^\s'\"]{6,200})"
    r"|\bcurl [^\n|;]{0,400}?-u ?['\"]?[^\s:'\"]{1,100}:([^\s'\"]{6,200})",
    re.IGNORECASE,
)


def loose(home: Home) -> Iterator[tuple[Path, Found]]:
    """Credentials in projects' files, at most limits.MAX_LOOSE_DEPTH folders below the home."""
    for path in candidates(home):
        data = home.read(path)
        if not data:
            continue
        if any(fnmatchcase(path.name, one) for one in _VARIABLES):
            values = dotenv(data)
            yield from ((path, one) for one in credentials_of(values if isinstance(values, dict) else {}))
        else:
            yield from ((path, one) for one in found_in(data))


def candidates(home: Home) -> Iterator[Path]:
    """Files by whose names they might hold one."""
    yield from walked(home, _might)


def walked(home: Home, wanted: Callable[[str], bool]) -> Iterator[Path]:
    """Files of `home` whose names are `wanted`, in folders that people write in; links are not followed."""
    waiting: list[tuple[str, int]] = [(str(home.root), 0)]
    looked = 0
    while waiting:
        folder, depth = waiting.pop()
        try:
            entries = os.scandir(folder)
        except OSError:
            continue
        with entries:
            for entry in entries:
                looked += 1
                if looked > limits.MAX_LOOSE_ENTRIES:
                    home.say(
                        f"loose files: only the first {limits.MAX_LOOSE_ENTRIES:,} names were looked at", ""
                    )
                    return
                if _is_folder(entry):
                    if depth < limits.MAX_LOOSE_DEPTH and _entered(entry.name, depth):
                        waiting.append((entry.path, depth + 1))
                elif wanted(entry.name) and entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _entered(name: str, depth: int) -> bool:
    if depth == 0 and name.startswith(".") and name not in {".config", ".ssh"}:
        return False
    return name not in _SKIPPED


def _might(name: str) -> bool:
    if any(f".{word}" in name.lower() for word in _EXAMPLES):
        return False
    if "env" in name and any(fnmatchcase(name, one) for one in _VARIABLES):
        return True
    return any(fnmatchcase(name, one) for one in _TEXTS)
