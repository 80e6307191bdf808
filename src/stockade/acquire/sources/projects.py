"""What a project's own files say that it brings: pyproject.toml, a script's metadata, and where its lock is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stockade import limits
from stockade.acquire.sources.texts import text_of, toml_of

#: PEP 723's own expression.
_SCRIPT = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
_BUILDERS = ["setuptools"]


def upwards(folder: Path, name: str) -> Path | None:
    """The nearest file of that name, from `folder` upwards."""
    return next((one / name for one in (folder, *folder.parents) if (one / name).is_file()), None)


def local(folder: Path, extras: Sequence[str] = (), groups: Sequence[str] = ()) -> list[str] | None:
    """What building and installing the project in `folder` brings (PEP 518, 621, 735).

    None where only its build tells.
    """
    read = _pyproject(folder)
    project = read.get("project")
    if not isinstance(project, dict):
        return None
    if "dependencies" in project.get("dynamic", []) or "optional-dependencies" in project.get("dynamic", []):
        return None
    optional = project.get("optional-dependencies", {})
    found = [*builders(folder), *_texts(project.get("dependencies"))]
    for extra in extras:
        found += _texts(optional.get(extra) if isinstance(optional, dict) else None)
    for group in groups:
        found += _group(read.get("dependency-groups"), group, 0)
    return list(dict.fromkeys(found))


def builders(folder: Path) -> list[str]:
    """What building the project needs (PEP 518)."""
    system = _pyproject(folder).get("build-system")
    return _texts(system.get("requires")) if isinstance(system, dict) else _BUILDERS


def group(folder: Path, name: str) -> list[str]:
    """The requirements of a dependency group (PEP 735)."""
    return _group(_pyproject(folder).get("dependency-groups"), name, 0)


def script(path: Path) -> list[str]:
    """The dependencies that a script names itself (PEP 723)."""
    match = _SCRIPT.search(text_of(path, limits.MAX_PROJECT_FILE))
    if match is None:
        return []
    lines = (line[2:] if line.startswith("# ") else line[1:] for line in match["content"].splitlines())
    return _texts(toml_of("\n".join(lines)).get("dependencies"))


def newer(one: Path, other: Path) -> bool:
    """Whether a file was changed after another one."""
    return one.stat().st_mtime > other.stat().st_mtime


def installed_since(lock: Path) -> bool:
    """Whether something was installed into the .venv beside a lock after that was written."""
    folders = lock.parent.glob(".venv/lib/python*/site-packages")
    return any(one.stat().st_mtime >= lock.stat().st_mtime for one in folders)


def _group(groups: object, name: str, depth: int) -> list[str]:
    entries = groups.get(name, []) if isinstance(groups, dict) else []
    found: list[str] = []
    for one in entries if isinstance(entries, list) and depth < limits.MAX_INCLUDES else []:
        if isinstance(one, dict) and isinstance(one.get("include-group"), str):
            found += _group(groups, one["include-group"], depth + 1)
    return found + _texts(entries)


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _pyproject(folder: Path) -> Mapping[str, Any]:
    return toml_of(text_of(folder / "pyproject.toml", limits.MAX_PROJECT_FILE))


def folders(texts: Sequence[str], cwd: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """Those of `texts` that name a folder as pip would take it, with that folder and the extras behind it."""
    for text in texts:
        place, _, rest = text.partition("[")
        if place.startswith("file:") or "://" in place or not place:
            continue
        path = Path(place).expanduser() if place.startswith("~/") else cwd / place
        looks = "/" in place or place.startswith(".")
        if looks and path.is_dir():
            yield text, path, [one.strip() for one in rest.rstrip("] ").split(",") if one.strip()]
