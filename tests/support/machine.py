"""A made-up machine for settings: its own root, home, project folder and environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from stockade.acquire.index.settings import IndexFlags, IndexSettings, World, index_settings


@dataclass(slots=True)
class Machine:
    """Folders below one temporary folder; nothing of the real machine is read."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    platform: str = "linux"

    @property
    def home(self) -> Path:
        """The person's home."""
        return self.folder / "home"

    @property
    def cwd(self) -> Path:
        """Where the command is run."""
        return self.folder / "work" / "project"

    def write(self, path: str, text: str) -> Path:
        """A file: ``~/…`` in the home, ``/…`` of the system, else in the project folder."""
        if path.startswith("~/"):
            target = self.home / path[2:]
        elif path.startswith("/"):
            target = self.folder / "root" / path[1:]
        else:
            target = self.cwd / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def world(self) -> World:
        """What settings are read from."""
        return World(
            env=self.env,
            home=self.home,
            cwd=self.cwd,
            root=self.folder / "root",
            platform=self.platform,
        )

    def settings(self, flags: IndexFlags = IndexFlags()) -> IndexSettings:  # noqa: B008 (frozen)
        """The settings that hold on this machine."""
        return index_settings(
            self.env,
            home=self.home,
            cwd=self.cwd,
            flags=flags,
            root=self.folder / "root",
            platform=self.platform,
        )

    def urls(self, flags: IndexFlags = IndexFlags()) -> list[str]:  # noqa: B008 (frozen)
        """The URLs of its sources, in order."""
        return [one.url for one in self.settings(flags).sources]
