"""Labelled archives as rows to fit on: who belongs to whom, what each weighs, and which labels are doubted.

Clusters that the corpus names are joined into *groups*, which no split parts: where two share the shape of a file that
no benign archive has (bench/shapes.py), and where they show the judge the same rich set of observations.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

#: So many observations in common are no accident.
RICH = 4
LABELS = Path(__file__).parent / "labels.toml"


@dataclass(frozen=True)
class Row:
    """One archive. `listed` is the day on which its cluster was first listed, "" for benign ones. `seen` are the
    judge's features, `places` the same file by file."""

    label: bool
    group: str
    cluster: str
    listed: str
    path: str
    seen: frozenset[str]
    places: tuple[frozenset[str], ...]


class _Joined:
    """Disjoint sets of names."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, name: str) -> str:
        while self._parent.setdefault(name, name) != name:
            self._parent[name] = name = self._parent[self._parent[name]]
        return name

    def join(self, one: str, other: str) -> None:
        self._parent[self.root(one)] = self.root(other)


def rows_of(cases: Path, shapes: Path | None) -> list[Row]:
    """One row an archive of what ``stockade eval --cases`` wrote."""
    found = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines()]
    shape = _shapes(shapes) if shapes else {}
    honest = {one for case in found if not case["malicious"] for one in shape.get(case["path"], ())}
    first: dict[str, str] = {}
    joined = _Joined()
    rows = []
    for case in found:
        seen = frozenset(case["features"])
        cluster = case["cluster"] if case["malicious"] else f"benign:{_project(case['path'])}"
        if case["malicious"]:
            first[cluster] = min(first.get(cluster, "9"), case["listed"])
            for one in shape.get(case["path"], ()):
                if one not in honest:
                    joined.join(cluster, f"shape:{one}")
            if len(seen) > RICH:
                joined.join(cluster, "seen:" + " ".join(sorted(seen)))
        places = tuple(frozenset(one) for one in case["places"])
        rows.append(Row(case["malicious"], "", cluster, "", case["path"], seen, places))
    return [replace(row, group=joined.root(row.cluster), listed=first.get(row.cluster, "")) for row in rows]


def _project(path: str) -> str:
    return re.split(r"-\d", Path(path).name)[0].lower().replace("_", "-").replace(".", "-")


def _shapes(path: Path) -> dict[str, list[str]]:
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {one["path"]: one["shapes"] for one in lines}


def doubted(rows: list[Row], labels: Path = LABELS) -> np.ndarray:
    """Which rows have a label that bench/labels.toml calls wrong; the reasons stand there."""
    listed: Mapping[str, Mapping[str, str]] = tomllib.loads(labels.read_text(encoding="utf-8"))
    clusters, archives = listed["clusters"], tuple(listed["archives"])
    return np.array([row.label and (row.cluster in clusters or row.path.endswith(archives)) for row in rows])


def weigh(rows: list[Row]) -> np.ndarray:
    """Each cluster and each benign project one; both sides the same in sum; mean 1."""
    count: dict[str, int] = defaultdict(int)
    for row in rows:
        count[row.cluster] += 1
    weight = np.array([1 / count[row.cluster] for row in rows])
    label = np.array([row.label for row in rows])
    for side in (True, False):
        weight[label == side] /= max(weight[label == side].sum(), 1e-12)
    return weight * len(rows) / weight.sum()
