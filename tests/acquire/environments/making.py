"""Environments made by hand: the files of one, as installers leave them, and the ways in which one goes wrong."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stockade.acquire.environments.find import environment_at
from stockade.acquire.environments.inventory import inventory
from stockade.model.environment import Environment, Inventory, Oddness, Stamp
from tests.support.archives import Content, as_bytes, core_metadata, record_hash

#: Long before any test runs, so that what is digested may be remembered.
LONG_AGO = 1_700_000_000


@dataclass(slots=True)
class Kept:
    """Stamps in memory."""

    held: dict[str, Mapping[str, Stamp]] = field(default_factory=dict)

    def load(self, key: str) -> Mapping[str, Stamp]:
        return self.held.get(key, {})

    def keep(self, key: str, stamps: Mapping[str, Stamp]) -> None:
        self.held[key] = stamps


@dataclass(slots=True)
class Made:
    """A virtual environment in `root`, without an interpreter: nothing here could be started."""

    root: Path
    version: str = "3.12"
    config: str = "home = /nowhere/bin\nversion = 3.12.4\n"

    def __post_init__(self) -> None:
        self.site.mkdir(parents=True)
        self.bin.mkdir()
        if self.config:
            (self.root / "pyvenv.cfg").write_text(self.config)

    @property
    def site(self) -> Path:
        return self.root / "lib" / f"python{self.version}" / "site-packages"

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    def write(self, path: str, content: Content) -> Path:
        """A file below the site folder, last changed long ago."""
        return put(self.site / path, content)

    def install(
        self,
        name: str,
        version: str = "1.0",
        files: Mapping[str, Content] | None = None,
        *,
        record: str | None = None,
        metadata: bytes | None = None,
        marks: Mapping[str, Content] | None = None,
    ) -> Path:
        """A distribution as an installer leaves it; `record` is added to its RECORD. Returns its dist-info."""
        info = f"{name}-{version}.dist-info"
        held = {path: as_bytes(data) for path, data in (files or {f"{name}.py": "ONE = 1\n"}).items()}
        held[f"{info}/METADATA"] = core_metadata(name, version) if metadata is None else metadata
        held[f"{info}/INSTALLER"] = b"pip\n"
        held |= {f"{info}/{path}": as_bytes(data) for path, data in (marks or {}).items()}
        rows = [f"{path},{record_hash(data)},{len(data)}" for path, data in held.items()]
        for path, data in held.items():
            self.write(path, data)
        self.write(f"{info}/RECORD", "\n".join([*rows, f"{info}/RECORD,,"]) + "\n" + (record or ""))
        return self.site / info

    def environment(self) -> Environment:
        """As it is found."""
        said: list[str] = []
        found = environment_at(self.root, note=said.append)
        assert found is not None, said
        return found

    def inventory(self, stamps: Kept | None = None, *, later: int = 3600) -> Inventory:
        """What it holds, as told so many seconds from now."""
        return inventory(
            self.environment(),
            stamps=stamps,
            root=self.root / "no-system",
            clock=lambda: time.time_ns() + later * 1_000_000_000,
        )

    def oddities(self) -> list[tuple[Oddness, str, str]]:
        """Kind, path relative to its root, and project of everything odd in it; nothing may be left unread."""
        found = self.inventory()
        assert found.gaps == ()
        return told(found, self.root)


def put(path: Path, content: Content) -> Path:
    """A file, last changed long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_bytes(content))
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def told(found: Inventory, root: Path) -> list[tuple[Oddness, str, str]]:
    """Kind, path and project of each oddity."""
    return [(one.kind, os.path.relpath(one.path, root), one.project) for one in found.oddities]


def conda(root: Path, name: str, files: Mapping[str, Content], version: str = "1.0") -> None:
    """A package as conda leaves it below the prefix `root`, with its record."""
    paths = []
    for path, content in files.items():
        put(root / path, content)
        import hashlib

        value = hashlib.sha256(as_bytes(content)).hexdigest()
        paths.append({"_path": path, "path_type": "hardlink", "sha256": value, "sha256_in_prefix": value})
    said = {"name": name, "version": version, "files": list(files), "paths_data": {"paths": paths}}
    put(root / "conda-meta" / f"{name}-{version}-0.json", json.dumps(said))


def compiled(source: Path, tag: str = "cpython-312") -> Path:
    """A compiled file whose header fits `source`, and whose code is none."""
    found = source.stat()
    header = (3531).to_bytes(4, "little") + bytes(4) + int(found.st_mtime).to_bytes(4, "little")
    header += found.st_size.to_bytes(4, "little")
    return put(source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc", header + bytes(8))
