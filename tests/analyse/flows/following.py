"""Small programs for the flow tests: what is found in files, alone or linked."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from stockade.analyse.code.layout import layout
from stockade.analyse.code.parse import Source, parse
from stockade.analyse.code.phases import phases
from stockade.analyse.code.walked import walk
from stockade.analyse.flows.arrivals import Traced
from stockade.analyse.flows.border import summary
from stockade.analyse.flows.joined import join
from stockade.analyse.flows.link import Link, Part, link
from stockade.analyse.flows.program import Program
from stockade.analyse.flows.read import read
from stockade.analyse.flows.trace import trace
from stockade.model.artifact import Kind
from stockade.model.flow import Summary

#: An address that has to be decoded, as code.
PLACE = "'dilavni.elpmaxe//:sptth'[::-1]"


def program(files: Mapping[str, str]) -> tuple[Program, Traced, Summary]:
    """The flows of a wheel with these files."""
    places = layout(Kind.WHEEL, list(files))
    walked, raws = [], []
    for path, text in files.items():
        source = parse(text.encode(), path)
        assert isinstance(source, Source) and isinstance(source.tree, ast.Module)
        one = walk(source, path, places.place(path), len(text))
        walked.append(one)
        raws.append(read(source.tree, one))
    made = join(raws)
    size = sum(map(len, files.values()))
    traced = trace(made, phases(walked, places), size)
    return made, traced, summary(made, traced, size)


def traced(text: str, **more: str) -> Traced:
    """The flows of one file, kit/one.py, beside others of the same package."""
    files = {"kit/__init__.py": "", "kit/one.py": text}
    return program(files | {f"kit/{name}.py": one for name, one in more.items()})[1]


def leaks(text: str, **more: str) -> set[str]:
    """The names of the secrets that leave."""
    return {one.source.name for one in traced(text, **more).leaks}


def linked(**files: str) -> list[Link]:
    """The odd ways of secrets between distributions of one file each, called like their module."""
    parts = [
        Part(name=f"{name}.whl", project=name, summary=program({f"{name}.py": text})[2], owner=name)
        for name, text in files.items()
    ]
    return link(parts).links


def programs(name: str) -> list[str]:
    """The small programs of a file of this folder, which stand between lines of dashes."""
    return (Path(__file__).parent / "programs" / f"{name}.txt").read_text(encoding="utf-8").split("----\n")
