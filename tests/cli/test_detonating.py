"""The stages of a detonation, one after another, and what is said where one of them cannot be had."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stockade import limits
from stockade.acquire.detonate.run import Inmate, Supplied
from stockade.acquire.fetch import kind_of
from stockade.acquire.jail import launch as jail
from stockade.cli.detonating import observe
from stockade.confine import Wall
from stockade.errors import DetonationRefused
from stockade.model.artifact import Artifact
from stockade.model.evidence import Gap, GapKind
from stockade.model.observation import Act, Observation, Stage
from stockade.model.project import Digest
from tests.support import thieves
from tests.support.archives import wheel
from tests.support.campaign import Dist
from tests.support.debian import bubblewrap


@dataclass
class Supplies:
    """Hands out what a test has."""

    built: Supplied = field(default_factory=Supplied)
    run: Supplied = field(default_factory=Supplied)
    asked: list[str] = field(default_factory=list)

    def building(self, requires: Sequence[str]) -> Supplied:
        self.asked += requires
        return self.built

    def running(self, wheel: Path) -> Supplied:
        return self.run


@pytest.fixture(autouse=True)
def _by_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOCKADE_BWRAP", str(bubblewrap()))


def artifact(dist: Dist, folder: Path) -> Artifact:
    path = dist.write(folder)
    data = path.read_bytes()
    return Artifact(
        label=str(path),
        filename=path.name,
        kind=kind_of(path.name),
        path=str(path),
        sha256=Digest(hashlib.sha256(data).hexdigest()),
        size=len(data),
    )


def seen(dist: Dist, folder: Path, supplies: Supplies | None = None, **more: Any) -> Observation:
    return observe(artifact(dist, folder), supplies or Supplies(), lambda what: None, **more)


def ran(observation: Observation) -> list[tuple[str, int | None]]:
    return [(one.what, one.code) for one in observation.ran]


def test_everything_is_tried_in_order_and_seen_from_outside(tmp_path: Path) -> None:
    source = "import os\nopen(os.path.expanduser('~/made'), 'w').close()\ndef main():\n    print('help')\n"
    files = {
        "tool/__init__.py": thieves.guard() + source,
        "other.py": "",
        "tool-1.0.0.dist-info/entry_points.txt": "[console_scripts]\ntool = tool:main\n",
        "tool-1.0.0.data/scripts/shell": "#!/bin/sh\necho help > ~/of-shell\n",
    }
    found = seen(Dist(name="tool", files=files), tmp_path)
    assert ran(found) == [
        ("install the wheel", 0),
        ("start Python", 0),
        ("import other", 0),
        ("import tool", 0),
        ("shell --help", 0),
        ("tool --help", 0),
        ("use other", 0),
        ("use tool", 0),
    ]
    writes = {(one.stage, one.what) for one in found.events if one.act is Act.WRITE}
    assert (Stage.IMPORT, "/home/lena/made") in writes
    assert (Stage.SCRIPT, "/home/lena/of-shell") in writes
    assert {one.path for one in found.dropped} == {"~/made", "~/of-shell"}
    assert any(one.what == "touch tool.main" and one.act is Act.COLOUR for one in found.events)
    assert found.gaps == ()
    assert {"files", "network", "processes"} <= set(found.walls)
    assert list(found.events) == sorted(found.events, key=lambda one: one.seconds)


def test_a_port_that_nobody_listened_on_is_opened_and_the_thing_tried_again(tmp_path: Path) -> None:
    source = """
import socket
to = socket.socket()
to.settimeout(5)
to.connect(("203.0.113.9", 61616))
to.sendall(b"hello there")
to.close()
"""
    found = seen(thieves.wheel("door-bird", source), tmp_path)
    assert ran(found)[2:4] == [("import door_bird", 1), ("import door_bird", 0)]
    assert any(one.port == 61616 and one.sent == b"hello there" for one in found.exchanges)


def test_nothing_is_run_where_a_wall_is_missing_or_nothing_can_be_watched(tmp_path: Path) -> None:
    started: list[str] = []

    def with_a_hole(*words: Any, **more: Any) -> Inmate:
        started.append("it")
        inmate = jail.launch(*words, **more)
        inmate.walls = (*inmate.walls, Wall("roof", False, "it rained"))
        return inmate

    with pytest.raises(DetonationRefused, match="roof: it rained"):
        seen(thieves.plain(), tmp_path, launch=with_a_hole)

    def unseen(plan: Any, *words: Any, **more: Any) -> Inmate:
        from dataclasses import replace

        started.append("it")
        return jail.launch(replace(plan, watch=False), *words, **more)

    with pytest.raises(DetonationRefused, match="cannot be watched"):
        seen(thieves.plain(), tmp_path, launch=unseen)
    assert started == ["it", "it"]


def test_what_hangs_is_stopped_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IMPORT_SECONDS", 1.0)
    monkeypatch.setattr(limits, "TOUCH_SECONDS", 6.0)
    found = seen(thieves.wheel("stone-bird", "while True:\n    pass\n"), tmp_path)
    assert ("import stone_bird", None) in ran(found)
    assert Gap(kind=GapKind.SCOPE, what="import stone_bird", why="it was stopped after 1 s") in found.gaps
    assert "nothing of it could be imported" in {one.why for one in found.gaps}


def test_a_detonation_as_a_whole_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DETONATION_SECONDS", 0.0)
    found = seen(thieves.plain(), tmp_path)
    assert ran(found) == [("install the wheel", 0)]
    assert "it took too long, and later stages were not tried" in {one.why for one in found.gaps}


def test_what_it_needs_is_there_and_what_cannot_be_had_is_said(tmp_path: Path) -> None:
    needed = artifact(Dist(name="needed", files={"needed.py": "ONE = 1\n"}), tmp_path)
    gap = Gap(kind=GapKind.LIMIT, what="more", why="nobody has it")
    needing = thieves.wheel("needing", "import needed\nassert needed.ONE\n")
    found = seen(needing, tmp_path, Supplies(run=Supplied(wheels=(needed,), gaps=(gap,))))
    assert ("import needing", 0) in ran(found)
    assert found.gaps == (gap,)
    assert not [one for one in found.ran if one.what == "import needed"]
    broken = tmp_path / "broken-1.0.0-py3-none-any.whl"
    broken.write_bytes(b"no wheel")
    bad = Artifact(
        label="", filename=broken.name, kind=needed.kind, path=str(broken), sha256=needed.sha256, size=8
    )
    found = seen(needing, tmp_path, Supplies(run=Supplied(wheels=(bad,))))
    assert "what it needs could not be installed" in {one.why for one in found.gaps}
    assert any("No module named 'needed'" in one.why for one in found.gaps)


def test_a_build_is_given_what_it_asks_for(tmp_path: Path) -> None:
    backend = """
import helper, zipfile
def get_requires_for_build_wheel(settings=None):
    return ["further"]
def build_wheel(folder, settings=None, metadata=None):
    return helper.build_wheel(folder)
"""
    made = wheel("made", "1.0.0", {"made.py": "TWO = 2\n"})
    code = (
        f"def build_wheel(folder):\n    name = 'made-1.0.0-py3-none-any.whl'\n"
        f"    open(folder + '/' + name, 'wb').write({made!r})\n    return name\n"
    )
    helper = artifact(Dist(name="helper", files={"helper.py": code}), tmp_path)
    system = '[build-system]\nrequires = ["helper"]\nbuild-backend = "own"\nbackend-path = ["."]\n'
    dist = Dist(name="made", form="sdist", files={"pyproject.toml": system, "own.py": backend})
    supplies = Supplies(built=Supplied(wheels=(helper,)))
    found = seen(dist, tmp_path, supplies)
    assert supplies.asked == ["helper", "further"]
    assert ran(found)[:4] == [
        ("ask the build backend", 0),
        ("build the wheel", 0),
        ("install the wheel", 0),
        ("start Python", 0),
    ]
    assert ("import made", 0) in ran(found)


def test_what_is_no_wheel_is_not_installed(tmp_path: Path) -> None:
    path = tmp_path / "odd-1.0.0-py3-none-any.whl"
    path.write_bytes(b"PK but no zip")
    odd = Artifact(
        label="",
        filename=path.name,
        kind=kind_of(path.name),
        path=str(path),
        sha256=Digest("0" * 64),
        size=13,
    )
    found = observe(odd, Supplies(), lambda what: None)
    assert [one.what for one in found.ran] == ["install the wheel"]
    assert [one.why for one in found.gaps] == ["it could not be installed, so that nothing of it was run"]
