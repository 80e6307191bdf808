"""What an sdist depends on, read from the files in it; no build backend, no setup.py ever runs.

In order of trust: PKG-INFO that promises its dependencies are static (PEP 643), ``[project]`` in
pyproject.toml (PEP 621), what setuptools wrote beside it (requires.txt), older PKG-INFO, setup.cfg, and
constants in setup.py. All but the first two may differ from what a build would say, so they carry a note.
"""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from packaging.version import InvalidVersion, Version

from stockade import limits
from stockade.acquire.resolve.members import Unreadable, read_members
from stockade.acquire.resolve.stated import Stated, stated

_WANTED = re.compile(
    r"[^/]+/(?:PKG-INFO|pyproject\.toml|setup\.cfg|setup\.py|(?:src/|lib/)?[^/]+\.egg-info/requires\.txt)"
)
_SECTION = re.compile(r"\[([^:\]]*)(?::([^\]]*))?\]")
_MAY_DIFFER = "a build may add others"


def read_sdist(file: BinaryIO) -> Stated:
    """What the sdist in `file` says that it depends on; a Stated without dependencies and with a note if nothing."""
    try:
        members = read_members(file, lambda path: bool(_WANTED.fullmatch(path.removeprefix("./"))))
    except Unreadable as why:
        return Stated(note=f"what it depends on can't be read: {why}")
    by_name = {path.removeprefix("./").split("/", 1)[1]: data for path, data in members.items()}
    egg = next((data for path, data in sorted(by_name.items()) if path.endswith("/requires.txt")), None)
    said = (
        _static_pkg_info(by_name.get("PKG-INFO"))
        or _pyproject(by_name.get("pyproject.toml"))
        or _requires_txt(egg)
        or _older_pkg_info(by_name.get("PKG-INFO"))
        or _setup_cfg(by_name.get("setup.cfg"))
        or _setup_py(by_name.get("setup.py"))
        or Stated(note="what it depends on can't be read without running its build")
    )
    itself = stated(by_name.get("PKG-INFO", b""))
    return replace(said, name=itself.name, version=itself.version)


def _static_pkg_info(data: bytes | None) -> Stated | None:
    if data is None:
        return None
    from packaging.metadata import parse_email  # with all of the standard library's email

    fields, _ = parse_email(data)
    dynamic = {one.lower() for one in fields.get("dynamic", ())}
    try:
        recent = Version(fields.get("metadata_version", "0")) >= Version("2.2")
    except InvalidVersion:
        return None
    return stated(data) if recent and not dynamic & {"requires-dist", "provides-extra"} else None


def _older_pkg_info(data: bytes | None) -> Stated | None:
    said = stated(data) if data else Stated()
    if not said.requires:
        return None
    return Stated(
        requires=said.requires,
        extras=said.extras,
        requires_python=said.requires_python,
        note=f"dependencies were read from its PKG-INFO; {_MAY_DIFFER}",
    )


def _pyproject(data: bytes | None) -> Stated | None:
    project = _toml(data).get("project")
    if not isinstance(project, dict):
        return None
    dynamic = project.get("dynamic")
    unknown = set(_strings(dynamic)) & {"dependencies", "optional-dependencies"}
    if unknown or "name" not in project:
        return None
    requires = _strings(project.get("dependencies"))
    extras = project.get("optional-dependencies")
    named = {key: _strings(value) for key, value in extras.items()} if isinstance(extras, dict) else {}
    python = project.get("requires-python")
    return _with_extras(requires, named, python if isinstance(python, str) else None, note="")


def _requires_txt(data: bytes | None) -> Stated | None:
    if data is None:
        return None
    lines: list[str] = []
    extras: dict[str, None] = {}
    extra = marker = ""
    for raw in data.decode("utf-8", "replace").splitlines():
        line = raw.strip()
        section = _SECTION.fullmatch(line)
        if section:
            extra, marker = section.group(1).strip(), (section.group(2) or "").strip()
            extras |= {extra: None} if extra else {}
        elif line:
            lines.append(_marked(line, extra, marker))
    note = f"dependencies were read from its egg-info; {_MAY_DIFFER}"
    return Stated(requires=tuple(lines), extras=tuple(extras), note=note)


def _setup_cfg(data: bytes | None) -> Stated | None:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string((data or b"").decode("utf-8", "replace"))
    except configparser.Error:
        return None
    if not parser.has_option("options", "install_requires"):
        return None
    extras = (
        dict(parser.items("options.extras_require")) if parser.has_section("options.extras_require") else {}
    )
    named = {key: _lines(value) for key, value in extras.items()}
    requires = _lines(parser.get("options", "install_requires"))
    python = parser.get("options", "python_requires", fallback=None)
    return _with_extras(
        requires, named, python, note=f"dependencies were read from its setup.cfg; {_MAY_DIFFER}"
    )


def _setup_py(data: bytes | None) -> Stated | None:
    """``install_requires`` where setup() is given constants, or names that were assigned constants."""
    if data is None or len(data) > limits.MAX_SETUP_PY:
        return None
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "setup"]
    if len(calls) != 1 or any(keyword.arg is None for keyword in calls[0].keywords):
        return None
    names = _constants(tree)
    given = {keyword.arg: keyword.value for keyword in calls[0].keywords}
    requires = _value(given.get("install_requires"), names)
    extras = _value(given.get("extras_require"), names)
    if requires is None and "install_requires" in given:
        return None
    named = {key: _strings(one) for key, one in extras.items()} if isinstance(extras, dict) else {}
    return _with_extras(
        _strings(requires), named, None, note=f"dependencies were read from its setup.py; {_MAY_DIFFER}"
    )


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _constants(tree: ast.Module) -> dict[str, Any]:
    """Names that the module assigns exactly once, to a literal."""
    found: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            counts[node.id] = counts.get(node.id, 0) + 1
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = _value(node.value, {})
            found |= {} if value is None else {node.targets[0].id: value}
    return {name: value for name, value in found.items() if counts[name] == 1}


def _value(node: ast.expr | None, names: Mapping[str, Any]) -> Any:
    if node is None:
        return None
    if isinstance(node, ast.Name):
        return names.get(node.id)
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _with_extras(
    requires: Sequence[str], extras: Mapping[str, Sequence[str]], python: str | None, *, note: str
) -> Stated:
    lines = list(requires)
    for key, ones in extras.items():
        extra, _, marker = str(key).partition(":")
        lines += [_marked(one, extra.strip(), marker.strip()) for one in ones]
    names = tuple(dict.fromkeys(str(key).partition(":")[0].strip() for key in extras))
    return Stated(
        requires=tuple(lines), extras=tuple(one for one in names if one), requires_python=python, note=note
    )


def _marked(line: str, extra: str, marker: str) -> str:
    """`line` with the conditions of the section that it stands in added to its own."""
    text, _, own = line.partition(";")
    quoted = f"extra == '{extra}'" if extra and "'" not in extra else ""
    parts = [f"({one})" if len(one.split(" or ")) > 1 else one for one in (own.strip(), marker) if one]
    parts += [quoted] if quoted else []
    return f"{text.strip()} ; {' and '.join(parts)}" if parts else text.strip()


def _toml(data: bytes | None) -> dict[str, Any]:
    try:
        return tomllib.loads((data or b"").decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return _lines(value)
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, tuple)) else []


def _lines(text: str) -> list[str]:
    return [one.strip() for one in text.splitlines() if one.strip() and not one.strip().startswith("#")]
