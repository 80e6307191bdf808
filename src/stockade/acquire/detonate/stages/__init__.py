"""What is done to an artifact, one thing after another: each an item that runs behind walls of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockade import limits
from stockade.acquire.detonate.house import House
from stockade.model.observation import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to run: `what` it is for a person, the command, and the seconds that it may take. What is `ours` runs
    nothing of the artifact, and what it does is not told; a `quiet` one is not even told to have been run."""

    stage: Stage
    what: str
    command: tuple[str, ...]
    seconds: float
    quiet: bool = False
    ours: bool = False


class Items:
    """Makes the items for a house."""

    #: Days that clocks are on when something is used.
    LATER = 30

    def __init__(self, house: House) -> None:
        self._house = house

    def _script(self, name: str) -> str:
        return str(self._house.inside("stages") / name)

    @property
    def notes(self) -> str:
        """Where the inside leaves its own account."""
        return str(self._house.inside("out") / "notes")

    def _ordinary(self, interpreter: str, days: int, *words: str) -> tuple[str, ...]:
        return (interpreter, "-I", "-B", self._script("ordinary.py"), str(days), self.notes, *words)

    def started(self, item: Item) -> tuple[str, ...]:
        """The item's whole command: it, and who stays until its last process has ended."""
        python = str(self._house.python.program)
        return (
            python,
            "-I",
            "-S",
            self._script("start.py"),
            str(item.seconds),
            str(limits.GRACE_SECONDS),
            *item.command,
        )

    def probe(self) -> Item:
        """Nothing at all, to see whether walls, network and observer stand."""
        command = (str(self._house.python.program), "-I", "-S", "-c", "pass")
        return Item(stage=Stage.BUILD, what="probe", command=command, seconds=20, quiet=True)

    def laid_out(self, wheels: Sequence[str], *, building: bool = False) -> Item:
        """Wheels that were judged, installed before what is looked at."""
        stage = Stage.BUILD if building else Stage.INSTALL
        return Item(
            stage=stage,
            what="install what it needs",
            command=self._installed(wheels, building=building),
            seconds=limits.INSTALL_SECONDS,
            quiet=True,
        )

    def _installed(self, wheels: Sequence[str], *, building: bool = False) -> tuple[str, ...]:
        environment = self._house.builder if building else self._house.environment
        flags = ("--offline", "--no-index", "--no-deps", "--no-cache", "--no-build", "--no-config", "-q")
        into = ("--link-mode", "copy", "--python", self._house.interpreter(environment))
        return (str(self._house.installer), "pip", "install", *flags, *into, *wheels)

    def built(self, what: str, archive: str) -> Item:
        """A step of PEP 517: ``asks``, ``requires`` or ``wheel``."""
        out, folder = str(self._house.inside("out")), str(self._house.inside("work") / "source")
        words = (self._script("building.py"), what, archive, folder, out)
        python = self._house.interpreter(self._house.builder)
        told = {
            "asks": "read pyproject.toml",
            "requires": "ask the build backend",
            "wheel": "build the wheel",
        }
        return Item(
            stage=Stage.BUILD,
            what=told[what],
            command=self._ordinary(python, 0, *words),
            seconds=limits.BUILD_SECONDS,
            quiet=what == "asks",
        )

    def installed(self, wheel: str) -> Item:
        return Item(
            stage=Stage.INSTALL,
            what="install the wheel",
            command=self._installed([wheel]),
            seconds=limits.INSTALL_SECONDS,
            ours=True,
        )

    def startup(self) -> Item:
        """An interpreter, as anybody starts one: what is read at its start runs by itself."""
        python = self._house.interpreter(self._house.environment)
        return Item(
            stage=Stage.STARTUP,
            what="start Python",
            command=(python, "-B", "-c", "pass"),
            seconds=limits.IMPORT_SECONDS,
        )

    def imported(self, module: str) -> Item:
        python = self._house.interpreter(self._house.environment)
        command = self._ordinary(python, 0, self._script("importing.py"), module)
        return Item(
            stage=Stage.IMPORT, what=f"import {module}", command=command, seconds=limits.IMPORT_SECONDS
        )

    def script(self, name: str, *, python: bool) -> Item:
        """A program that it installs; one in Python among ordinary surroundings."""
        place = str(self._house.environment / "bin" / name)
        interpreter = self._house.interpreter(self._house.environment)
        command = self._ordinary(interpreter, self.LATER, place, "--help") if python else (place, "--help")
        return Item(stage=Stage.SCRIPT, what=f"{name} --help", command=command, seconds=limits.SCRIPT_SECONDS)

    def touched(self, module: str) -> Item:
        python = self._house.interpreter(self._house.environment)
        words = (self._script("touching.py"), module, self.seeds, self.notes, str(limits.TOUCH_SECONDS - 5))
        return Item(
            stage=Stage.TOUCH,
            what=f"use {module}",
            command=self._ordinary(python, self.LATER, *words),
            seconds=limits.TOUCH_SECONDS,
        )

    @property
    def seeds(self) -> str:
        """The decoys for arguments, as the inside sees the file."""
        return str(self._house.inside("stages") / "seeds.json")
