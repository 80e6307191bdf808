"""Where decoys are gathered while a home is furnished with them."""

from __future__ import annotations

from pathlib import Path

from stockade.acquire.detonate.decoys.maker import Maker
from stockade.model.observation import Decoy


class Laying:
    """A home that is being furnished: files below `home`, and what lies in them."""

    def __init__(self, home: Path, maker: Maker) -> None:
        self.home, self.make = home, maker
        self.decoys: list[Decoy] = []
        self.variables: dict[str, str] = {}

    def decoy(self, marker: str | bytes, where: str, what: str, *meant: str) -> None:
        """Write down that `marker` lies at `where`."""
        held = marker.encode() if isinstance(marker, str) else marker
        self.decoys.append(Decoy(marker=held, where=where, what=what, meant=meant))

    def place(self, path: str) -> Path:
        """The file at `path` (``~/…``), whose folders are made."""
        target = self.home / path.removeprefix("~/")
        for folder in reversed(target.parents):
            if folder.is_relative_to(self.home) and folder != self.home:
                folder.mkdir(mode=0o700, exist_ok=True)
        return target

    def file(
        self, path: str, text: str | bytes, *secrets: tuple[str, str], meant: tuple[str, ...] = ()
    ) -> None:
        """A file with its decoys: (marker, what) of each."""
        target = self.place(path)
        target.touch(mode=0o600)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        for marker, what in secrets:
            self.decoy(marker, path, what, *meant)

    def variable(self, name: str, value: str, what: str, *meant: str) -> None:
        """A variable of the environment that is a decoy as a whole."""
        self.variables[name] = value
        self.decoy(value, name, what, *meant)
