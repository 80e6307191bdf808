"""``stockade run -- COMMAND``: a gate for the time of one command, through which all that it installs must pass."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from stockade import limits
from stockade.acquire.index.credentials import without_login
from stockade.acquire.index.settings import IndexFlags, IndexSettings, SourceKind
from stockade.cli import common
from stockade.cli.gated import libraries, many_objects
from stockade.cli.keeping import keeper, keeping_arguments, say
from stockade.cli.ledger import this_machine
from stockade.errors import UsageError
from stockade.model.decision import Exit
from stockade.pipeline import Road
from stockade.remember import folders

if TYPE_CHECKING:
    from stockade.act.gate.app import Gate
    from stockade.cli.gateway import Gateway, Now


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What a command behind the gate must be able to reach, if it is to be shut in: the gate's `port` on this machine's
    loopback, the `folder` of its certificates; and the `indexes` that it is to ask, in order, without logins.
    `begun` may be told once the command runs: what answers it is loaded while it starts."""

    folder: Path
    port: int
    indexes: tuple[str, ...]
    begun: Callable[[], object] = lambda: None


#: Runs a command with an environment, and returns its exit code.
Start = Callable[[Sequence[str], dict[str, str], Places], int]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "words",
        nargs=argparse.REMAINDER,
        metavar="-- COMMAND",
        help="what installs: pip, uv, poetry, pdm, pipx, tox, make, a script",
    )
    gate_arguments(parser)


def gate_arguments(parser: argparse.ArgumentParser) -> None:
    """What the gate of one command can be told."""
    common.index_arguments(parser)
    common.judging_arguments(parser)
    keeping_arguments(parser)
    parser.add_argument(
        "--pass",
        dest="passes",
        action="append",
        type=host,
        default=[],
        metavar="HOST",
        help="let the command reach HOST without the gate, such as 127.0.0.1 for what tests start",
    )
    parser.add_argument(
        "--keep-env",
        type=variable,
        action="append",
        default=[],
        metavar="NAME",
        help="hand this variable on, although it is named like a secret and an installer needs none",
    )
    parser.add_argument(
        "--open-roads",
        action="store_true",
        help="start even if the command can take files past the gate; each such road is told all the same",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of the story at the end")


def run(given: argparse.Namespace) -> Exit | int:
    """Start the gate, run the command, tell what was refused; ends as the command did if nothing was."""
    words = given.words[1:] if given.words[:1] == ["--"] else given.words
    if not words:
        raise UsageError("say what to run: stockade run -- pip install NAME")
    return behind_gate(given, words, _run)


def behind_gate(given: argparse.Namespace, words: Sequence[str], start: Start) -> Exit | int:
    """Start the gate, have `start` run the command, tell what was refused; ends as the command did if nothing was."""
    libraries()
    many_objects()
    from stockade.cli.gateway import Now, gateway

    use = common.rules(given.policy)
    notes: list[str] = []
    now = Now(given.policy, use, say, watched=False)
    # The command starts while the analyser does: nothing comes through before that stands.
    with gateway(given, IndexFlags(), now, notes, waits=False) as (behind, road):
        return _gated(given, words, use, now, road, behind, notes, start)


def _gated(
    given: argparse.Namespace,
    words: Sequence[str],
    use: common.Rules,
    now: Now,
    road: Road,
    behind: Gateway,
    notes: list[str],
    start: Start,
) -> Exit | int:
    from stockade.acquire.authority import Authority
    from stockade.act.gate.caches import gated_cache
    from stockade.act.gate.door import Door
    from stockade.act.gate.environment import BYPASSES, cache_variables, child_environment, this_world
    from stockade.act.gate.environment import Door as Way
    from stockade.act.gate.local import pip_variables
    from stockade.act.gate.record import Remembered
    from stockade.act.gate.roads import open_roads
    from stockade.act.gate.server import running
    from stockade.act.gate.trusted import bundle
    from stockade.act.gate.withheld import withheld
    from stockade.act.gate.words import written_down
    from stockade.cli.before_run import cache_stamp, closed, consented, local_files_pass
    from stockade.cli.left_out import left_out_of
    from stockade.cli.story import told

    machine = this_world(os.environ)
    settings = behind.world.transport.settings
    folders_of_pip = pip_variables(one.url for one in settings.sources) if settings.installer == "pip" else {}
    known = open_roads(words, replace(machine, env={**machine.env, **folders_of_pip}))
    closed(known, given.open_roads)
    authority, token = Authority(), secrets.token_urlsafe(24)
    lasting = keeper(given, behind.place, use)
    lasting.ran(written_down(words), this_machine(), os.getcwd())
    recorder = Remembered(lasting)
    made: list[Gate] = []
    begin = threading.Event()

    def gate() -> Gate:
        from stockade.act.gate.app import Gate

        made.append(Gate(behind, behind, door=Door(authority, token), recorder=recorder))
        return made[0]

    def story(code: int) -> Exit | int:
        left_out = left_out_of(words, made[0].pages.hidden, made[0].pages.newest) if made else []
        return told(given, words, use, road, behind.world, recorder, left_out, code, notes)

    try:
        if not local_files_pass(known, behind.road(), recorder):
            return story(0)
        with (
            running(gate, Door(authority, token), begin=begin) as port,
            TemporaryDirectory(prefix="stockade-") as folder,
        ):
            trusted = Path(folder) / "authorities.pem"
            trusted.write_bytes(bundle(os.environ, machine) + authority.pem)
            way = Way(
                host="127.0.0.1",
                port=port,
                token=token,
                bundle=trusted,
                cache=gated_cache(
                    folders.cache_folder(os.environ), cache_stamp(lasting.stamp(), use, road.now)
                ),
                seconds=limits.GATE_CLIENT_SECONDS,
            )
            environment = child_environment(machine, words, way) | folders_of_pip
            environment |= dict.fromkeys(BYPASSES, ",".join(given.passes))
            without = withheld(words, environment, given.keep_env)
            environment = {name: value for name, value in environment.items() if name not in without}
            if without:
                say(f"kept from {words[0]}: {', '.join(without)} (--keep-env NAME hands one on)")
            places = Places(folder=Path(folder), port=port, indexes=_indexes(settings), begun=begin.set)
            code = start(words, environment, places)
            while recorder.refusals and consented(given, recorder, use, now):
                recorder.refusals.clear()
                # What a person allows this once must not be found in a cache the next time.
                environment |= cache_variables(Path(folder) / "once", words)
                code = start(words, environment, places)
    finally:
        recorder.close()
    return story(code)


def _indexes(settings: IndexSettings) -> tuple[str, ...]:
    return tuple(without_login(one.url)[0] for one in settings.sources if one.kind is not SourceKind.LINKS)


def variable(text: str) -> str:
    """The name of a variable, for argparse."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise argparse.ArgumentTypeError("the name of a variable, without its value")
    return text


def host(text: str) -> str:
    """A host's name or address, for argparse."""
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,255}", text):
        raise argparse.ArgumentTypeError("a host's name or address")
    return text.lower()


def _run(words: Sequence[str], environment: dict[str, str], places: Places) -> int:
    """Run the command as a shell would have; its exit code, or 128 and its signal."""
    try:
        with _patient() as started, subprocess.Popen(list(words), env=environment) as command:  # noqa: S603 (asked to)
            started(command)
            places.begun()
            code = command.wait()
    except FileNotFoundError:
        raise UsageError(f"there is no command {words[0]!r}") from None
    except PermissionError:
        raise UsageError(f"{words[0]!r} may not be run") from None
    return code if code >= 0 else 128 - code


@contextmanager
def _patient() -> Iterator[Callable[[subprocess.Popen[bytes]], None]]:
    """Leave Ctrl-C to the command, which gets it too; hand SIGTERM on to it, which a CI job's end sends to this process
    alone. Either way the command ends first, then the gate, and the story is told all the same."""
    running: list[subprocess.Popen[bytes]] = []
    ending: list[int] = []

    def hand_on(number: int, _: object) -> None:
        ending.append(number)
        for one in running:
            one.send_signal(number)

    def started(command: subprocess.Popen[bytes]) -> None:
        running.append(command)
        if ending:  # told so while it was being started
            command.send_signal(ending[0])

    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, hand_on),
    }
    try:
        yield started
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
