"""Every place where an artifact says what else to install, and when that is obeyed.

setup.py says it in a call, which is code; all else is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stockade import limits
from stockade.analyse.unpack.facts import Asked, Metadata

_SECTION = re.compile(r"\[([^\]]+)\]")
_CFG = {"install_requires": False, "setup_requires": True, "dependency_links": False}


def asked(
    metadata: tuple[Metadata, ...],
    project: Mapping[str, Any],
    cfg: bytes,
    root: str,
    listed: tuple[str, bytes] = ("", b""),
) -> tuple[Asked, ...]:
    """The requirements of METADATA or PKG-INFO (the first that counts), pyproject.toml, setup.cfg and, where none of
    them says any, setuptools' requires.txt (`listed`: its path and bytes), in that order.

    At most limits.MAX_REQUIRES. What extras ask for is `optional`; `building` is installed before anything is built.
    """
    found: list[Asked] = []
    for one in metadata[:1]:
        texts = one.fields.get("requires-dist", ())
        found += (Asked(text=text, source=one.source, optional=_extra(text)) for text in texts)
    found += _from_pyproject(project, f"{root}/pyproject.toml" if root else "pyproject.toml")
    found += _from_cfg(cfg, f"{root}/setup.cfg" if root else "setup.cfg")
    if not any(not one.building for one in found):
        found += _from_list(*listed)
    return tuple(found[: limits.MAX_REQUIRES])


def _from_list(source: str, raw: bytes) -> Iterator[Asked]:
    """The lines of an egg-info's requires.txt; below a ``[section]`` stands what an extra or a marker asks for."""
    optional = False
    for line in raw.decode("utf-8", "backslashreplace").splitlines():
        text = line.strip()
        if text.startswith("["):
            optional = not text.startswith("[:")
        elif text:
            yield Asked(text=text, source=source, optional=optional)


def _extra(text: str) -> bool:
    return re.search(r"\bextra\s{0,4}==", text.partition(";")[2]) is not None


def _from_pyproject(project: Mapping[str, Any], source: str) -> Iterator[Asked]:
    for text in _texts(_table(project, "build-system").get("requires")):
        yield Asked(text=text, source=source, building=True)
    table = _table(project, "project")
    for text in _texts(table.get("dependencies")):
        yield Asked(text=text, source=source, optional=_extra(text))
    poetry = _table(_table(_table(project, "tool"), "poetry"), "dependencies")
    for name, value in poetry.items():
        if isinstance(value, dict):
            address = value.get("url") or value.get("git")
            if isinstance(address, str):
                optional = value.get("optional") is True
                yield Asked(text=f"{name} @ {address}", source=source, optional=optional)


def _from_cfg(raw: bytes, source: str) -> Iterator[Asked]:
    """``[options]`` of setup.cfg: values on one line behind ``;`` or on indented lines, read by hand for its speed."""
    section, key = "", ""
    for line in raw.decode("utf-8", "backslashreplace").splitlines():
        text = line.strip()
        if not text or text.startswith(("#", ";")):
            continue
        if match := _SECTION.match(line):
            section, key = match[1].strip(), ""
            continue
        if not line[0].isspace():
            key, _, text = (part.strip() for part in text.partition("="))
        if section == "options" and key in _CFG and text:
            yield Asked(text=text, source=source, building=_CFG[key], link=key == "dependency_links")


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
