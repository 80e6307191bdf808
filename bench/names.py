#!/usr/bin/env python3
"""The bars of names, in one command: who is found, who is accused wrongly, how fast, how large.

    python bench/names.py [--names FILE] [--seed 1] [--sample 20000] [--misses]

FILE holds names of an index, one a line (of a table, the first column): of them --sample are drawn at random. Names of
lookalikes-wrong.toml are counted and then left out.
"""

from __future__ import annotations

import argparse
import csv
import platform
import random
import re
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

from stockade.acquire.reference_file import mapped, shipped_names
from stockade.analyse.identity.names import Names

HERE = Path(__file__).parent
LISTS = ("lookalikes-dev.csv", "lookalikes-more.csv")
#: As a fresh interpreter would: what is measured must not lie about in memory already.
READY = """
import time
from pathlib import Path
from stockade.acquire.reference_file import mapped, shipped_names
from stockade.analyse.identity.names import Names
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
before = resident()
start = time.perf_counter()
names = Names(mapped(shipped_names()))
names.about("reqeusts")
ready = time.perf_counter() - start
for number in range(20000):
    names.about(f"name-{number}-of-many")
print(ready * 1000, (resident() - before) / 1e6)
"""


def main() -> int:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--names", type=Path, help="names of an index, one a line")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=20_000)
    parser.add_argument("--misses", action="store_true", help="name what is missed, and who is accused")
    given = parser.parse_args()
    table = Names(mapped(shipped_names()))
    print(f"machine: {platform.machine()}, {_cpu()}, Python {platform.python_version()}")
    print(f"table: {table.known:,} names of {table.date}, {shipped_names().stat().st_size:,} bytes")
    for name in LISTS:
        recall(table, HERE / name, misses=given.misses)
    known = [one for one in table.table.names[: table.known] if table.about(one).lookalikes]
    print(f"well-known names accused: {_share(len(known), table.known)}")
    if given.names:
        drawn = sample(given.names, given.sample, given.seed)
        accused = [(one, found[0]) for one in drawn if (found := table.about(one).lookalikes)]
        print(f"random names accused: {_share(len(accused), len(drawn))} (seed {given.seed})")
        for one, found in accused if given.misses else ():
            print(f"  {one}: {found.target}, {' '.join(found.mechanisms)}, {found.score}")
        speed(table, drawn[:5_000], "names drawn at random")
    rows = [row["project"] for name in LISTS for row in csv.DictReader((HERE / name).open(encoding="utf-8"))]
    speed(table, rows, "lookalikes")
    ready()
    return 0


def recall(table: Names, path: Path, *, misses: bool) -> None:
    """How many of a list have their target first."""
    wrong = tomllib.loads((HERE / "lookalikes-wrong.toml").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    real = [row for row in rows if table.downloads(row["target"]) is not None]
    missed = []
    for row in real:
        found = table.about(row["project"]).lookalikes
        if not found or found[0].target != row["target"]:
            missed.append((row, found))
    print(f"{path.name}: {len(rows)} rows, {len(real)} with a target among the well-known")
    print(f"  right target first: {_share(len(real) - len(missed), len(real))}")
    fair = [row for row in real if row["project"] not in wrong]
    bad = [row for row, _ in missed if row["project"] not in wrong]
    if len(fair) < len(real):
        print(f"  without rows believed wrong: {_share(len(fair) - len(bad), len(fair))}")
    for row, found in missed if misses else ():
        said = ", ".join(f"{one.target} ({one.score})" for one in found[:3]) or "nothing"
        print(f"  {row['project']} for {row['target']}: {said}")


def sample(path: Path, size: int, seed: int) -> list[str]:
    """Names drawn at random from a file, normalised."""
    lines = path.read_text(encoding="utf-8").splitlines()
    names = [line.partition("\t")[0] for line in lines if line]
    names = [re.sub(r"[-_.]+", "-", name).lower() for name in names if name != "name"]
    return random.Random(seed).sample(names, min(size, len(names)))


def speed(table: Names, names: Iterable[str], what: str) -> None:
    """Processor time a lookup, over names one by one; the best of three rounds for each."""
    best = []
    for name in names:
        rounds = []
        for _ in range(3):
            start = time.perf_counter_ns()
            table.about(name)
            rounds.append(time.perf_counter_ns() - start)
        best.append(min(rounds) / 1000)
    tenth = statistics.quantiles(best, n=100)
    print(
        f"lookup, {what}: mean {statistics.fmean(best):.0f} µs, median {tenth[49]:.0f}, 99th {tenth[98]:.0f}"
    )


def ready() -> None:
    """Time from import to the first answer, and memory, in a fresh interpreter."""
    rounds = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", READY], capture_output=True, text=True, check=True)
        rounds.append([float(one) for one in done.stdout.split()])
    print(f"ready after import, first answer included: {min(row[0] for row in rounds):.0f} ms")
    print(f"memory, 20,000 lookups included: {max(row[1] for row in rounds):.0f} MB")


def _cpu() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    found = re.search(r"model name\s*:\s*(.*)", text)
    return f"{found[1] if found else platform.processor()}, {text.count('processor')} cores"


def _share(some: int, all_of_them: int) -> str:
    return f"{some} of {all_of_them} ({100 * some / max(all_of_them, 1):.2f} %)"


if __name__ == "__main__":
    sys.exit(main())
