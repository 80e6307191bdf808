"""What a jail costs: `python -c pass`, and a suite of tests, with and without one, in pairs.

    python bench/jail.py --suite tests/decide

Each pair is a run without and one with, one right after the other, in an order that alternates; the figures are medians
of the pairs' differences. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

_STOCKADE = (sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())", "jail")


class Cost(NamedTuple):
    """Seconds of one run: by the clock, and of processors, which hardly depend on what else the machine does. Of the
    latter, bubblewrap does not hand on what was used inside: there that line tells what is spent around the command."""

    clock: float
    processor: float


def took(command: Sequence[str], environ: dict[str, str]) -> Cost:
    """What one run costs, which must end well."""
    before, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(time.perf_counter() - before, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)


def pairs(command: Sequence[str], options: Sequence[str], number: int) -> list[tuple[Cost, Cost]]:
    """Without and with a jail."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    jailed = (*_STOCKADE, *options, "--", *command)
    for one in (jailed, command):  # what is read and compiled for the first time
        took(one, environ)
    found = []
    for turn in range(number):
        if turn % 2:
            within = took(jailed, environ)
            found.append((took(command, environ), within))
        else:
            found.append((took(command, environ), took(jailed, environ)))
    return found


def told(what: str, found: Sequence[tuple[Cost, Cost]]) -> None:
    """A line on the clock and one on processors: medians without, of differences, and the least."""
    for kind in Cost._fields:
        plain = [getattr(one, kind) for one, _ in found]
        within = [getattr(one, kind) for _, one in found]
        more = statistics.median(b - a for a, b in zip(plain, within, strict=True))
        share = statistics.median(b / a for a, b in zip(plain, within, strict=True)) - 1
        print(
            f"{what}, {kind}: {1000 * statistics.median(plain):.1f} ms, jailed {1000 * more:+.1f} ms ({share:+.1%});"
            f" the quickest {1000 * min(plain):.1f} and {1000 * min(within):.1f} ms",
            flush=True,
        )


def main() -> None:
    """Print a line for each mechanism and command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=40, help="of python -c pass")
    parser.add_argument("--suite", help="tests that run for some seconds")
    parser.add_argument("--suite-pairs", type=int, default=6)
    parser.add_argument("--mechanism", action="append", choices=("bubblewrap", "landlock"))
    given = parser.parse_args()
    for mechanism in given.mechanism or ("bubblewrap", "landlock"):
        options = ("--mechanism", mechanism)
        told(f"{mechanism}, python -c pass", pairs((sys.executable, "-c", "pass"), options, given.pairs))
        if given.suite:
            command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", given.suite)
            found = pairs(command, (*options, "--profile", "test"), given.suite_pairs)
            told(f"{mechanism}, {given.suite}", found)


if __name__ == "__main__":
    main()
