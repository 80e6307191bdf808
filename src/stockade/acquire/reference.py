"""What ships with Stockade and is read at run time: the most downloaded projects, and the judge's weights."""

from __future__ import annotations

import csv
import gzip
import io
from functools import cache
from importlib import resources

from stockade.model.project import ProjectName

#: When the download counts were taken.
POPULAR_DATE = "April 2026"


@cache
def popular() -> dict[ProjectName, int]:
    """The 15,000 most downloaded projects and their downloads a month (POPULAR_DATE), the most first."""
    packed = resources.files("stockade").joinpath("data/popular-projects.csv.gz").read_bytes()
    rows = csv.DictReader(io.StringIO(gzip.decompress(packed).decode()))
    return {ProjectName(row["project"]): int(row["download_count"]) for row in rows}


@cache
def repositories() -> dict[str, tuple[ProjectName, ...]]:
    """Which of the most downloaded projects live in a repository (``host/owner/name``), by their own metadata."""
    packed = resources.files("stockade").joinpath("data/known-repositories.csv.gz").read_bytes()
    rows = csv.reader(io.StringIO(gzip.decompress(packed).decode()))
    return {place: tuple(map(ProjectName, names)) for place, *names in rows}


def weights() -> str:
    """The text of the fitted weights (TOML)."""
    return resources.files("stockade").joinpath("analyse/data/weights.toml").read_text(encoding="utf-8")
