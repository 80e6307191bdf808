"""A throwaway home, with somebody's project in it: what a detonation stands in, and what it leaves behind.

Everything lies below one temporary folder of ours. Where the walls can show a file at another place, it looks like
``/home/lena``; where they cannot, it is seen where it lies.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from stockade import limits
from stockade.acquire.jail.plan import Kind, Mount
from stockade.model.observation import Dropped
from stockade.model.project import Digest

#: Who lives here, and on what machine.
USER, HOST = "lena", "ws-lena"
_DIRS = ("home", "out", "work", "temporary", "wheels", "artifact", "stages", "etc")


@dataclass(frozen=True, slots=True)
class Python:
    """The interpreter that a detonation uses: its program, its version as ``3.11``, and where its library lies."""

    program: Path
    version: str
    prefix: Path

    @classmethod
    def own(cls) -> Python:
        """The one that runs Stockade, without its environment."""
        program = Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
        return cls(program, f"{sys.version_info[0]}.{sys.version_info[1]}", Path(sys.base_prefix))


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The folder outside (`root`), and the places of its parts inside.

    `moved`: whether the walls show parts elsewhere than where they lie. `uv` is the installer's program, outside.
    """

    root: Path
    moved: bool
    python: Python
    uv: Path
    before: dict[str, tuple[int, int]] = field(default_factory=dict)

    def outside(self, name: str) -> Path:
        """Where a part lies: home, out, work, temporary, wheels, artifact, stages, etc."""
        return self.root / name

    def inside(self, name: str) -> Path:
        """Where it is seen from inside."""
        return Path(_SEEN[name]) if self.moved else self.root / name

    @property
    def home(self) -> Path:
        return self.inside("home")

    @property
    def environment(self) -> Path:
        """The project's virtual environment, from inside."""
        return self.home / "project" / ".venv"

    @property
    def builder(self) -> Path:
        """The one that a source distribution is built in."""
        return self.inside("work") / ".build-venv"

    @property
    def installer(self) -> Path:
        """The installer's program, from inside."""
        return Path("/srv/uv") if self.moved else self.uv

    def seen_from_outside(self, path: Path) -> Path:
        """Where a path of the inside lies outside."""
        for name in _DIRS:
            if path.is_relative_to(self.inside(name)):
                return self.outside(name) / path.relative_to(self.inside(name))
        return path

    def interpreter(self, environment: Path) -> str:
        """The program of a virtual environment, from inside."""
        return str(environment / "bin" / "python")

    def mounts(self) -> Iterator[Mount]:
        """What the plan of the jail shows of the house."""
        kinds = dict.fromkeys(_DIRS, Kind.WRITE)
        kinds.update(dict.fromkeys(("wheels", "artifact", "stages"), Kind.READ))
        for name in _DIRS:
            if name != "etc":
                yield Mount(kind=kinds[name], target=self.inside(name), source=self.outside(name))
        yield Mount(kind=Kind.READ, target=self.python.prefix, source=self.python.prefix)
        yield Mount(kind=Kind.READ, target=self.installer, source=self.uv)
        if self.moved:
            for file in sorted(self.outside("etc").iterdir()):
                yield Mount(kind=Kind.READ, target=Path("/etc") / file.name, source=file)

    def variables(self) -> dict[str, str]:
        """The environment of somebody at a terminal."""
        made = {
            "HOME": str(self.home),
            "USER": USER,
            "LOGNAME": USER,
            "SHELL": "/bin/bash",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "VIRTUAL_ENV": str(self.environment),
            "PATH": f"{self.environment}/bin:/usr/local/bin:/usr/bin:/bin",
        }
        return made if self.moved else {**made, "TMPDIR": str(self.inside("temporary"))}

    def furnish(self, environment: Path) -> None:
        """A virtual environment at a place of the inside. Nothing but our own code runs for that."""
        place = self.seen_from_outside(environment)
        program = self.python.program
        (place / "bin").mkdir(parents=True)
        (place / "lib" / f"python{self.python.version}" / "site-packages").mkdir(parents=True)
        for name in ("python", "python3", f"python{self.python.version}"):
            (place / "bin" / name).symlink_to(program)
        settings = f"home = {program.parent}\ninclude-system-site-packages = false\nversion = {self.python.version}\n"
        (place / "pyvenv.cfg").write_text(settings, encoding="utf-8")

    def packages(self, environment: Path) -> Path:
        """Where an environment's modules lie, outside."""
        return self.seen_from_outside(environment) / "lib" / f"python{self.python.version}" / "site-packages"

    def remember(self) -> None:
        """What is here now is not dropped."""
        self.before.clear()
        self.before.update((path, (size, moment)) for path, size, moment, _ in self._files())

    def settle(self) -> None:
        """Neither is what was installed into the environment by now."""
        below = self._short(self.environment) + "/"
        self.before.update(
            (path, (size, moment)) for path, size, moment, _ in self._files() if path.startswith(below)
        )

    def dropped(self) -> tuple[Dropped, ...]:
        """Files that are new, or others, since `remember`: at most limits.MAX_DROPPED."""
        made = []
        for path, size, moment, place in self._files():
            if self.before.get(path) == (size, moment) or path.endswith(".pyc"):
                continue
            digest = _digest(place)
            if digest is not None:
                made.append(Dropped(path=path, size=size, sha256=digest))
            if len(made) == limits.MAX_DROPPED:
                break
        return tuple(made)

    def _files(self) -> Iterator[tuple[str, int, int, Path]]:
        """Plain files that the inside could write, as it sees them: path, size, time of change, place outside."""
        count = 0
        for name in ("home", "temporary"):
            for folder, _, files in os.walk(self.outside(name)):
                for file in sorted(files):
                    place = Path(folder) / file
                    found = place.lstat()
                    count += 1
                    if count > limits.MAX_HOUSE_FILES:
                        return
                    if stat.S_ISREG(found.st_mode):
                        shown = self.inside(name) / place.relative_to(self.outside(name))
                        yield self._short(shown), found.st_size, found.st_mtime_ns, place

    def _short(self, path: Path) -> str:
        return f"~/{path.relative_to(self.home)}" if path.is_relative_to(self.home) else str(path)


#: Where parts are seen where the walls can show them elsewhere: as ordinary as can be.
_SEEN: Mapping[str, str] = {
    "home": f"/home/{USER}",
    "out": "/var/lib/out",
    "work": "/var/cache/work",
    "temporary": "/tmp",  # noqa: S108 - of the jail
    "wheels": "/srv/wheels",
    "artifact": "/srv/downloads",
    "stages": "/srv/tools",
    "etc": "/etc",
}


@contextmanager
def house(folder: Path, *, moved: bool, python: Python, uv: Path) -> Iterator[House]:
    """A house below `folder`, which is emptied at the end. The home is bare but for the project's environment."""
    made = House(root=folder, moved=moved, python=python, uv=uv)
    for name in _DIRS:
        made.outside(name).mkdir(mode=0o700)
    for script in resources.files("stockade").joinpath("data/stages").iterdir():
        if script.name.endswith(".py"):
            (made.outside("stages") / script.name).write_bytes(script.read_bytes())
    _passwd(made.outside("etc"), made.home)
    project = made.seen_from_outside(made.home / "project")
    project.mkdir()
    (project / "app.py").write_text('print("hello")\n', encoding="utf-8")
    (project / "data.txt").write_text("some text\n", encoding="utf-8")
    made.furnish(made.environment)
    try:
        yield made
    finally:
        _emptied(folder)


def _passwd(etc: Path, home: Path) -> None:
    """Who this is: the same user by another name."""
    user, group = os.getuid(), os.getgid()
    lines = {f"{USER}:x:{user}:{group}:Lena,,,:{home}:/bin/bash", "nobody:x:65534:65534:nobody:/:/bin/false"}
    (etc / "passwd").write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")
    (etc / "group").write_text(f"{USER}:x:{group}:\nnogroup:x:65534:\n", encoding="utf-8")


def _emptied(folder: Path) -> None:
    """Remove everything, whatever rights it was left with."""
    for name in _DIRS:
        (folder / name).chmod(0o700)
        for place, folders, _ in os.walk(folder / name):
            for one in folders:
                path = os.path.join(place, one)
                if not os.path.islink(path):
                    os.chmod(path, 0o700)
        shutil.rmtree(folder / name, ignore_errors=True)


def _digest(place: Path) -> Digest | None:
    """The digest of a plain file; None where it is gone, or another thing by now, or larger than may be read."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > limits.MAX_DROPPED_SIZE:
            return None
        return Digest(hashlib.file_digest(file, "sha256").hexdigest())


def read_plain(place: Path, most: int) -> bytes:
    """At most so many bytes of what the inside wrote; b"" where it is no plain file."""
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with open(descriptor, "rb") as file:
        return file.read(most) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""


def names_in(folder: Path) -> Iterable[str]:
    """The names in a folder, in order; none where there is none."""
    try:
        return sorted(os.listdir(folder))[: limits.MAX_HOUSE_FILES]
    except OSError:
        return ()
