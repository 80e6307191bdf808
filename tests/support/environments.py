"""Inventories as an audit hands them on, for tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from stockade.model.advisory import Advisory, Feed, FeedKind, FeedState, Record
from stockade.model.environment import Environment, EnvironmentKind, Installed, Inventory
from stockade.model.project import ProjectName, Release
from stockade.remember.feeds import FOLDER, replaced, turn

ROOT = "/home/ada/work/.venv"


def release(text: str) -> Release:
    """``name==version`` as a Release."""
    name, _, version = text.partition("==")
    return Release(name=ProjectName(name), version=version)


def inventory(
    *releases: str, root: str = ROOT, gaps: tuple[str, ...] = (), installer: str = "pip", **more: object
) -> Inventory:
    """An environment that holds these releases."""
    site = f"{root}/lib/python3.11/site-packages"
    return Inventory(
        environment=Environment(root=root, kind=EnvironmentKind.VIRTUALENV, site=(site,), python="3.11.7"),
        installed=tuple(
            Installed(
                name=one.name,
                version=one.version,
                folder=f"{site}/{one.name}-{one.version}.dist-info",
                site=site,
                installer=installer,
                **more,  # type: ignore[arg-type]
            )
            for one in map(release, releases)
        ),
        gaps=gaps,
    )


def planted(root: Path, *releases: str) -> Path:
    """A virtual environment by its own files, with these releases in it; nothing in it can be run."""
    site = root / "lib/python3.11/site-packages"
    site.mkdir(parents=True, exist_ok=True)
    (root / "pyvenv.cfg").write_text("home = /nowhere/bin\nversion = 3.11.7\n", encoding="utf-8")
    for one in map(release, releases):
        folder = site / f"{one.name}-{one.version}.dist-info"
        folder.mkdir()
        about = f"Metadata-Version: 2.1\nName: {one.name}\nVersion: {one.version}\n"
        (folder / "METADATA").write_text(about, encoding="utf-8")
        (folder / "INSTALLER").write_text("pip\n", encoding="utf-8")
        names = "\n".join(f"{folder.name}/{name},," for name in ("METADATA", "INSTALLER", "RECORD"))
        (folder / "RECORD").write_text(f"{names}\n", encoding="utf-8")
    return root


def published(data: Path, *advisories: Advisory, at: datetime, name: str = "osv") -> None:
    """A copy of a feed in the data folder that says this and nothing else."""
    folder = data / FOLDER
    feed = Feed(name=name, kind=FeedKind.OSV, url="https://feed.invalid/")
    records = [Record(id=one.id, modified=at, advisories=(one,)) for one in advisories]
    with turn(folder):
        state = FeedState(name=name, kind=feed.kind, url=feed.url, checked=at, full=at)
        replaced(folder, feed, records, lambda: state)


def malicious(text: str, *, at: datetime, key: str = "", **more: object) -> Advisory:
    """An advisory that says so of one release."""
    one = release(text)
    fields: dict[str, object] = {
        "id": key or f"MAL-2026-{one.name}",
        "project": one.name,
        "source": "osv",
        "malicious": True,
        "summary": f"Malicious code in {one.name}",
        "published": at,
        "modified": at,
        "versions": (one.version,),
    }
    return Advisory(**{**fields, **more})  # type: ignore[arg-type]
