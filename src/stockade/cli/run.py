"""``stockade run -- COMMAND``: a gate for the time of one command, through which all that it installs must pass."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stockade import limits
from stockade.acquire.index.settings import IndexFlags
from stockade.cli import common
from stockade.cli.gated import libraries
from stockade.cli.keeping import keeper, keeping_arguments
from stockade.errors import UsageError
from stockade.model.decision import Exit
from stockade.pipeline import Road
from stockade.remember import folders

if TYPE_CHECKING:
    from stockade.act.gate.app import Gate
    from stockade.cli.gateway import Gateway


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "words",
        nargs=argparse.REMAINDER,
        metavar="-- COMMAND",
        help="what installs: pip, uv, poetry, pdm, pipx, tox, make, a script",
    )
    common.index_arguments(parser)
    common.judging_arguments(parser)
    keeping_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of the story at the end")


def run(given: argparse.Namespace) -> Exit | int:
    """Start the gate, run the command, tell what was refused; ends as the command did if nothing was."""
    words = given.words[1:] if given.words[:1] == ["--"] else given.words
    if not words:
        raise UsageError("say what to run: stockade run -- pip install NAME")
    libraries()
    from stockade.cli.gateway import Now, gateway
    from stockade.cli.keeping import say

    use = common.rules(given.policy)
    notes: list[str] = []
    with gateway(given, IndexFlags(), Now(given.policy, use, say), notes) as (behind, road):
        return _gated(given, words, use, road, behind, notes)


def _gated(
    given: argparse.Namespace,
    words: Sequence[str],
    use: common.Rules,
    road: Road,
    behind: Gateway,
    notes: list[str],
) -> Exit | int:
    from stockade.act.gate.app import Gate
    from stockade.act.gate.authority import Authority
    from stockade.act.gate.environment import Door as Way
    from stockade.act.gate.environment import child_environment, this_world
    from stockade.act.gate.front import Door
    from stockade.act.gate.local import pip_variables
    from stockade.act.gate.record import Remembered
    from stockade.act.gate.server import running
    from stockade.act.gate.trusted import bundle
    from stockade.cli.story import told

    machine = this_world(os.environ)
    authority, token = Authority(), secrets.token_urlsafe(24)
    recorder = Remembered(keeper(given, behind.place, use))
    door = Door(authority, token)
    made: list[Gate] = []

    def gate() -> Gate:
        made.append(Gate(behind, behind, door=door, recorder=recorder))
        return made[0]

    try:
        with running(gate, door) as port, tempfile.TemporaryDirectory(prefix="stockade-") as folder:
            trusted = Path(folder) / "authorities.pem"
            trusted.write_bytes(bundle(os.environ, machine) + authority.pem)
            way = Way(
                host="127.0.0.1",
                port=port,
                token=token,
                bundle=trusted,
                cache=folders.cache_folder(os.environ) / "installers",
                seconds=limits.GATE_CLIENT_SECONDS,
            )
            environment = child_environment(machine, words, way)
            environment |= pip_variables(one.url for one in behind.world.transport.settings.sources)
            code = _run(words, environment)
    finally:
        recorder.close()
    return told(given, words, use, road, behind.world, recorder, made[0].hidden if made else {}, code, notes)


def _run(words: Sequence[str], environment: dict[str, str]) -> int:
    """Run the command as a shell would have; its exit code, or 128 and its signal."""
    try:
        with _patient():
            code = subprocess.run(list(words), env=environment, check=False).returncode  # noqa: S603 (asked to)
    except FileNotFoundError:
        raise UsageError(f"there is no command {words[0]!r}") from None
    except PermissionError:
        raise UsageError(f"{words[0]!r} may not be run") from None
    return code if code >= 0 else 128 - code


@contextmanager
def _patient() -> Iterator[None]:
    """Leave Ctrl-C to the command, which gets it too; the story is told all the same."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
