"""What a command would install, in the terms of `stockade check`, and what keeps that from being told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stockade.act.gate.hook import options
from stockade.act.gate.hook.options import Given
from stockade.act.gate.hook.shell import Word

#: Variables that say whence an installer takes its files.
TELLING = ("PIP_", "UV_")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a person should look at the command: it completes "this command …"."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """One call of an installer: what it is asked for, in which folder, with which variables."""

    requirements: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    lock: str = ""
    index: str = ""
    extra: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    prereleases: bool = False
    installer: str = "auto"
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """It in a few words."""
        return " ".join((*self.requirements, *(f"-r {one}" for one in self.files), self.lock)).strip()


Found = Install | Doubt


@dataclass(slots=True)
class Place:
    """Where a command runs: the folder (None where that cannot be told), and variables that were set for it."""

    cwd: Path | None
    env: dict[str, Word] = field(default_factory=dict)

    def copy(self) -> Place:
        """The same, for a subshell."""
        return Place(self.cwd, dict(self.env))

    def within(self, folders: Sequence[Word]) -> Place:
        """The place that a ``--directory`` leads to."""
        found = self.copy()
        for one in folders:
            found.enter(one)
        return found

    def enter(self, folder: Word) -> None:
        """Go there."""
        if folder.dynamic or folder.text == "-":
            self.cwd = None
        elif folder.text.startswith("/"):
            self.cwd = Path(folder.text)
        elif folder.text.startswith("~"):
            self.cwd = Path(folder.text).expanduser() if folder.text[1:2] in {"", "/"} else None
        elif self.cwd is not None:
            self.cwd = self.cwd / folder.text


def install(
    place: Place,
    found: Given,
    requirements: Sequence[str],
    *,
    files: Sequence[str] = (),
    lock: str = "",
    installer: str = "auto",
) -> list[Found]:
    """What a command line asks for, or why that cannot be told; nothing where it asks for nothing."""
    files = [*files, *(one.text for one in found.all(options.FILE))]
    if not (requirements or files or lock):
        return []
    unsure = [one for one in found.every if one.dynamic]
    variables = {name: value for name, value in place.env.items() if name.startswith(TELLING)}
    unsure += [value for value in variables.values() if value.dynamic]
    if unsure:
        return [Doubt(f"installs what only turns out when it runs ({unsure[0].text})")]
    if place.cwd is None:
        return [Doubt("installs in a folder that only turns out when it runs")]
    env = {name: value.text for name, value in variables.items()}
    for role, name in ((options.TRUSTED, "PIP_TRUSTED_HOST"), (options.PROXY, "PIP_PROXY")):
        if found.all(role):
            env[name] = " ".join(one.text for one in found.all(role))
    indexes = [_unnamed(one.text) for one in found.all(options.INDEX)]
    return [
        Install(
            requirements=tuple(requirements),
            files=tuple(files),
            constraints=tuple(one.text for one in found.all(options.CONSTRAINT)),
            lock=lock,
            index=indexes[-1] if indexes else "",
            extra=tuple(_unnamed(one.text) for one in found.all(options.EXTRA)),
            links=tuple(one.text for one in found.all(options.LINKS)),
            prereleases=bool(found.all(options.PRE)),
            installer=installer,
            cwd=str(place.cwd),
            env=env,
        )
    ]


def _unnamed(url: str) -> str:
    """uv lets an index have a name: ``NAME=URL``."""
    name, _, rest = url.partition("=")
    return rest if "://" in rest and "/" not in name and ":" not in name else url
