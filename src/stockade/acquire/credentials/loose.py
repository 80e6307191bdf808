"""Files that hold credentials by nobody's plan: .env files, settings of projects, a shell's history.

A home has hundreds of thousands of files; only names that such things have are opened, and folders that nobody writes
by hand (environments, caches, packages, histories of git) are not entered.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from stockade import limits
from stockade.acquire.credentials.formats import dotenv
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.shapes import found_in
from stockade.acquire.credentials.variables import credentials_of

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
    """Tokens in what was typed."""
    for name in HISTORIES:
        data = home.read(home.root / name)
        for found in found_in(data) if data else ():
            yield home.root / name, found


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
