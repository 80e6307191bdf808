"""``stockade serve``: a standing gate, an index that hands out nothing that was not judged."""

from __future__ import annotations

import argparse
import ipaddress
import os
import threading
from typing import TYPE_CHECKING

from stockade.acquire.index.settings import IndexFlags
from stockade.act.gate.address import DEFAULT_HOST, DEFAULT_PORT, index_url
from stockade.act.gate.upstream import read_upstream
from stockade.cli import common
from stockade.cli.gated import libraries, many_objects
from stockade.cli.keeping import keeper, keeping_arguments, say
from stockade.errors import UsageError
from stockade.model.decision import Exit
from stockade.remember import folders

if TYPE_CHECKING:
    from stockade.act.gate.app import Gate
    from stockade.act.gate.keeping import Keeper

#: Seconds between two looks at what went out already.
_WATCH = 30.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--host", default=DEFAULT_HOST, metavar="ADDRESS", help=f"listen there (default: {DEFAULT_HOST})"
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        metavar="N",
        help=f"default: {DEFAULT_PORT}; 0: any free one",
    )
    parser.add_argument(
        "--behind",
        type=_network,
        action="append",
        default=[],
        metavar="ADDRESS",
        help="a server there (or in that network) hands requests on, and says in X-Forwarded-For whose they are",
    )
    common.index_arguments(parser)
    common.judging_arguments(parser)
    keeping_arguments(parser)


def run(given: argparse.Namespace) -> Exit:
    """Serve until told to end."""
    libraries()
    many_objects()
    from stockade.act.gate.app import Gate, Terms
    from stockade.act.gate.door import Door
    from stockade.act.gate.server import listen, serve
    from stockade.cli.gateway import Now, gateway

    use = common.rules(given.policy)
    rules, notes = Now(given.policy, use, say, watched=True), list[str]()
    with gateway(given, flags(given), rules, notes) as (behind, _):
        sock = listen(given.host, given.port)
        own = index_url(given.host, sock.getsockname()[1])
        if own in behind.bases:
            sock.close()
            raise UsageError(
                "the index behind the gate would be the gate itself; name the real one: --index-url URL"
            )
        recorder = keeper(given, behind.place, use)
        made: list[Gate] = []

        def gate() -> Gate:
            made.append(Gate(behind, behind, recorder=recorder, terms=Terms(patient=False)))
            return made[0]

        stop = threading.Event()
        watch = threading.Thread(target=_watch, args=(made, recorder, stop), name="watch", daemon=True)
        watch.start()
        say(f"serving {own}, in front of {behind.world.label}; Ctrl-C ends it")
        for note in common.once([*behind.world.index.notes, *notes]):
            say(note)
        try:
            serve(gate, Door(), sock, given.behind)
        finally:
            stop.set()
            watch.join()
            recorder.close()
    return Exit.ALLOWED


def flags(given: argparse.Namespace) -> IndexFlags:
    """Which index stands behind the gate: what the command line says, else what `stockade enable` wrote down, else what
    the installer is configured with. Raises UsageError where that would be the gate itself."""
    if given.index_url:
        return IndexFlags()
    found = read_upstream(folders.data_folder(os.environ))
    if found is None:
        return IndexFlags()
    if given.installer == "auto":
        # `stockade enable` made a uv.toml, which doesn't say that uv is what is used here; authorities, proxies and
        # keyrings that a person set up are pip's far more often.
        given.installer = "pip"
    return found.flags()


def _watch(made: list[Gate], recorder: Keeper, stop: threading.Event) -> None:
    """Look from time to time at what went out: whoever got what is condemned by now is named."""
    while not stop.wait(_WATCH):
        for gate in made:
            recorder.look_again(gate.again)


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise argparse.ArgumentTypeError(
            "an address such as 127.0.0.1, or a network such as 10.1.0.0/16"
        ) from None


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a number from 0 to 65535")
    return int(text)
