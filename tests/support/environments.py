"""Inventories as an audit hands them on, for tests."""

from __future__ import annotations

from stockade.model.environment import Environment, EnvironmentKind, Installed, Inventory
from stockade.model.project import ProjectName, Release

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
