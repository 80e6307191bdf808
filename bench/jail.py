"""What a jail costs: `python -c pass`, and a suite of tests, with and without one, in pairs.

    python bench/jail.py --suite tests/decide

Each pair is a run without and one with, one right after the other, in an order that alternates; the figures are medians
of the pairs' differences. Run it on an idle machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

_STOCKADE = (sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())", "jail")


def took(command: Sequence[str], environ: dict[str, str]) -> float:
    """Seconds of one run, which must end well."""
    before = time.perf_counter()
    subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return time.perf_counter() - before


def pairs(command: Sequence[str], options: Sequence[str], number: int) -> list[tuple[float, float]]:
    """Seconds without and with a jail."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    jailed = (*_STOCKADE, *options, "--", *command)
    took(jailed, environ), took(command, environ)  # what is read and compiled for the first time
    found = []
    for turn in range(number):
        if turn % 2:
            within = took(jailed, environ)
            found.append((took(command, environ), within))
        else:
            found.append((took(command, environ), took(jailed, environ)))
    return found


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
        short = pairs((sys.executable, "-c", "pass"), options, given.pairs)
        more = statistics.median(within - plain for plain, within in short)
        least = min(within for _, within in short) - min(plain for plain, _ in short)
        print(
            f"{mechanism}: python -c pass {1000 * statistics.median(plain for plain, _ in short):.1f} ms, jailed"
            f" {1000 * more:.1f} ms more (of the quickest of each {1000 * least:.1f} ms)"
        )
        if given.suite:
            command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", given.suite)
            long = pairs(command, (*options, "--profile", "test"), given.suite_pairs)
            share = statistics.median(within / plain for plain, within in long) - 1
            plain = statistics.median(plain for plain, _ in long)
            print(f"{mechanism}: {given.suite} {plain:.1f} s, jailed {100 * share:+.1f} %", flush=True)


if __name__ == "__main__":
    main()
