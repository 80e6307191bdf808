#!/usr/bin/env python3
"""Write the shape of each archive's code: near-copies under other names share it, and no split may part them.

    python bench/shapes.py DIR ... --out shapes.ndjson

A shape is a digest of one file's sequence of syntax-node types, runs of one type drawn together, so that other names,
other strings and longer tables make no difference. Only files that the analyser would parse count, and of those the
ones that are long enough not to be alike by accident. Archives are read by our own unpacker; nothing runs.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from stockade.acquire.sources.local import kind_of
from stockade.analyse.code import prefilter
from stockade.analyse.code.layout import layout
from stockade.analyse.code.parse import Source, parse
from stockade.analyse.unpack.opening import Opened, open_tree
from stockade.cli.eval import archives_of
from stockade.model.artifact import Kind

#: Syntax nodes, runs drawn together, from which on two files are not alike by accident.
MIN_NODES = 60
#: Files of an archive that are looked at; clones of large projects have more, and are known by these.
MAX_FILES = 60
#: Bytes of one file; generated tables beyond that say nothing about who wrote them.
MAX_FILE = 1 << 20


def shape(tree: ast.AST) -> str:
    """The digest of a tree's node types in preorder, "" for a short one."""
    names: list[str] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        name = type(node).__name__
        if not names or names[-1] != name:
            names.append(name)
        waiting += [
            one for one in reversed(list(ast.iter_child_nodes(node))) if not isinstance(one, ast.expr_context)
        ]
    return hashlib.sha256(" ".join(names).encode()).hexdigest()[:16] if len(names) >= MIN_NODES else ""


def _sources(opened: Opened, kind: Kind) -> Iterator[bytes]:
    plan = layout(kind, [one.path for one in opened.tree.members if not one.nested], root=opened.root)
    taken = 0
    for member, data in opened.tree.walk():
        if not member.path.endswith((".py", ".pyw", ".pth")) or len(data) > MAX_FILE:
            continue
        if prefilter.wanted(data, plan.place(member.path, nested=bool(member.nested))):
            yield data
            taken += 1
        if taken == MAX_FILES:
            return


def shapes_of(path: Path) -> tuple[str, list[str]]:
    """An archive's path and the shapes in it; what cannot be read has none."""
    found = set()
    try:
        kind = kind_of(path.name)
        for data in _sources(open_tree(path.read_bytes(), path.name, kind), kind):
            source = parse(data, "")
            if isinstance(source, Source):
                found.add(shape(source.tree))
    except (ValueError, RecursionError) as why:
        print(f"{path}: {type(why).__name__}: {why}")
    return str(path), sorted(found - {""})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    paths = [path for folder in given.folder for path in archives_of(folder)]
    with ProcessPoolExecutor(given.jobs) as pool, given.out.open("w", encoding="utf-8") as out:
        for path, shapes in pool.map(shapes_of, paths, chunksize=16):
            out.write(json.dumps({"path": path, "shapes": shapes}) + "\n")


if __name__ == "__main__":
    main()
