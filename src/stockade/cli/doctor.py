"""``stockade doctor``: which roads past the gate are open here, and the one command that closes each."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from stockade.acquire.index.settings import World
from stockade.act.gate import address
from stockade.act.gate.doctor.age_roads import age_roads
from stockade.act.gate.doctor.machine_roads import cache_roads, gate_road, login_roads, wall_roads
from stockade.act.gate.doctor.pip_roads import pip_roads
from stockade.act.gate.doctor.project_roads import project_roads
from stockade.act.gate.doctor.roads import Road, State
from stockade.act.gate.doctor.uv_roads import uv_roads
from stockade.act.gate.journal import Journal, read_journal
from stockade.act.report.doctor import doctor_document, doctor_lines
from stockade.act.report.look import look_of
from stockade.cli.enable import here
from stockade.cli.known import names
from stockade.errors import StockadeError
from stockade.model.decision import Exit
from stockade.remember import folders
from stockade.workers import Analyse, Wall, confined


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--url", metavar="URL", help="the gate's index (default: the one that is in use)")
    parser.add_argument(
        "--ask-gate", action="store_true", help="ask a gate on another machine, too, whether it answers"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(given: argparse.Namespace) -> Exit:
    """Look, print; 12 where a road is open."""
    now = datetime.now(UTC)
    # The workers are forked before configuration with its passwords is read.
    walls = standing()
    journal = read_journal(folders.data_folder(os.environ))
    gate = address.checked(given.url) if given.url else journal.gate if journal else address.index_url()
    roads = list(_roads(here(), gate, journal, walls, now, ask=given.ask_gate))
    if given.format == "json":
        print(doctor_document(roads, gate, enabled=journal is not None, at=now), end="")
    else:
        for line in doctor_lines(roads, gate, look_of(sys.stdout, os.environ)):
            print(line)
    passable = any(one.state in {State.OPEN, State.UNKNOWN} for one in roads)
    return Exit.ASK if passable else Exit.ALLOWED


def _roads(
    world: World,
    gate: str,
    journal: Journal | None,
    walls: tuple[Wall, ...] | str,
    now: datetime,
    *,
    ask: bool,
) -> Iterator[Road]:
    yield gate_road(gate, journal, ask=ask)
    yield from pip_roads(world, gate)
    yield from uv_roads(world, gate)
    yield from project_roads(world.cwd, gate)
    yield from cache_roads(world, journal.at if journal and address.same(journal.gate, gate) else None)
    yield from login_roads(world)
    if isinstance(walls, str):
        yield Road(
            "walls", State.UNKNOWN, f"the analyser could not be started: {walls}", "stockade scan --debug ."
        )
    else:
        yield from wall_roads(walls)
    built = folders.reference_path(os.environ)
    yield from age_roads(names([]).date, built if built.exists() else None, now)


def standing() -> tuple[Wall, ...] | str:
    """The walls that an analyser gets here, or why none could be started; nothing is loaded into it."""
    try:
        with confined(jobs=1, load=_nothing) as analyser:
            return analyser.walls
    except StockadeError as why:
        return str(why)


def _nothing() -> Analyse:
    """Stands for the analyser, which nobody calls."""

    def analyse(*_args: object, **_named: object) -> object:
        raise AssertionError("nothing is analysed here")

    return analyse  # type: ignore[return-value]
