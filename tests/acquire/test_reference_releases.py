"""Which releases a reference is made of: old ones, not yanked, not condemned, spread over the years."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stockade.acquire.index.listing import Listing
from stockade.acquire.reference_releases import best_file, chosen, condemned
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NAME = ProjectName("nimbus")


def file(version: str, days: int, ending: str = "-py3-none-any.whl", size: int = 100) -> ArtifactRef:
    filename = f"nimbus-{version}{ending}"
    return ArtifactRef(
        release=Release(name=NAME, version=version),
        filename=filename,
        url=f"https://files.invalid/{filename}",
        index="index",
        sha256=Digest("0" * 64),
        size=size,
        uploaded=NOW - timedelta(days=days),
    )


def versions(*files: ArtifactRef, count: int = 4, status: str = "active") -> list[str]:
    listing = Listing(project=NAME, files=files, status=status)
    return [
        one.release.version for one in chosen(listing, now=NOW, count=count, refused={("nimbus", "6.6.6")})
    ]


def test_releases_are_spread_over_the_years() -> None:
    files = [file(f"{100 - n}.0", 40 + 30 * n) for n in range(90)]

    assert versions(*files) == ["100.0", "94.0", "82.0", "60.0"]
    assert versions(*files, count=2) == ["100.0", "94.0"]
    assert versions(*files, count=7) == ["100.0", "99.0", "98.0", "94.0", "82.0", "60.0", "26.0"]


def test_where_there_are_few_all_are_taken() -> None:
    assert versions(file("1.0", 50), file("1.1", 45), file("1.2", 40)) == ["1.2", "1.1", "1.0"]


@pytest.mark.parametrize(
    "unfit",
    [
        file("9.0", 29),
        file("6.6.6", 400),
        file("9.0", 400, size=1 << 30),
        file("9.0", 400, ".exe"),
        file("9.0rc1", 400),
        file("not-a-version", 400),
        replace(file("9.0", 400), yanked=""),
        replace(file("9.0", 400), sha256=None),
        replace(file("9.0", 400), size=None),
        replace(file("9.0", 400), uploaded=None),
    ],
    ids=lambda one: f"{one.filename}-{one.size}",
)
def test_what_is_unfit_is_left_out(unfit: ArtifactRef) -> None:
    assert versions(unfit, file("1.0", 500)) == ["1.0"]


def test_pre_releases_are_taken_where_there_is_nothing_else() -> None:
    assert versions(file("1.0a1", 90), file("1.0a2", 60)) == ["1.0a2", "1.0a1"]


def test_a_quarantined_project_has_none() -> None:
    assert versions(file("1.0", 500), status="quarantined") == []


def test_one_file_stands_for_a_release() -> None:
    endings = (".tar.gz", "-cp311-cp311-win_amd64.whl", "-cp311-cp311-manylinux_2_28_x86_64.whl")
    files = [file("1.0", 100, ending) for ending in endings]

    assert best_file(files) == files[2]
    assert best_file(files[:2]) == files[1]
    assert best_file(files[:1]) == files[0]
    assert best_file([*files, file("1.0", 100)]) == file("1.0", 100)
    assert best_file([]) is None


def test_the_condemned_are_known() -> None:
    assert ("litellm", "1.82.8") in condemned()
