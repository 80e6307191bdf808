"""Code to facts in one call, for tests of the walk and of detectors."""

from __future__ import annotations

from collections.abc import Mapping

from stockade.analyse.code import build
from stockade.analyse.code.facts import Call, Literal, Module, Value
from stockade.analyse.code.layout import layout
from stockade.analyse.code.members import Members
from stockade.analyse.code.parse import Source, parse
from stockade.analyse.code.phases import phases
from stockade.analyse.code.walked import walk
from stockade.model.artifact import Kind

EntryPoints = Mapping[str, tuple[tuple[str, str], ...]]


def modules_of(
    files: Mapping[str, str],
    kind: Kind = Kind.WHEEL,
    *,
    backend: str = "",
    backend_paths: tuple[str, ...] = (),
    startup: tuple[str, ...] = (),
    entry_points: EntryPoints | None = None,
    data: Mapping[str, bytes] | None = None,
) -> dict[str, Module]:
    """The facts of each Python file of an artifact, linked, by path; `data` are its other files."""
    held = {path: text.encode() for path, text in files.items()} | dict(data or {})
    laid = layout(
        kind,
        files,
        backend=backend,
        backend_paths=backend_paths,
        startup=startup,
        entry_points=entry_points,
    )
    members = Members(held, lambda path, limit: held[path][:limit], lambda path: laid.place(path).qualified)
    walked = []
    for path, text in files.items():
        if path.endswith(".py"):
            source = parse(text.encode(), path)
            assert isinstance(source, Source), source
            walked.append(walk(source, path, laid.place(path), len(text), members))
    found = phases(walked, laid)
    return {one.path: build.module(one, found) for one in walked}


def module_of(text: str, path: str = "pkg/mod.py") -> Module:
    """The facts of one file of a wheel."""
    return modules_of({path: text})[path]


def calls_of(text: str) -> dict[str, Call]:
    """The calls of one file by target, the last of each."""
    return {call.target: call for call in module_of(text).calls}


def targets_of(text: str) -> list[str]:
    """The targets called, in source order."""
    return [call.target for call in module_of(text).calls]


def argument_of(text: str, target: str = "use") -> Value:
    """The first argument of the call of `target` (an undefined name is ``?.use``)."""
    calls = calls_of(text)
    found = calls.get(target) or calls[f"?.{target}"]
    return found.args[0]


def literals_of(text: str) -> list[Literal]:
    """The literals of one file."""
    return list(module_of(text).literals)
