"""Releases that a public index removed as malicious, as far as Stockade ships them."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources

from packaging.utils import canonicalize_name


@cache
def malicious() -> Mapping[str, frozenset[str]]:
    """The versions of each such project, as they were listed until 2025-08; read when first asked for (20 ms)."""
    packed = resources.files("stockade").joinpath("data/malicious-releases.csv.gz").read_bytes()
    found: dict[str, set[str]] = defaultdict(set)
    for row in csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8"))):
        found[canonicalize_name(row["project"])].add(row["version"])
    return {project: frozenset(versions) for project, versions in found.items()}
