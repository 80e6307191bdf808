#!/usr/bin/env python3
"""Recall, false alarms and speed beside other scanners: the same archives, in one run, offline, source rules alone.

    for peer in guarddog==3.2.0 hexora==0.3.2 pipguard==0.4.3; do
        python3.11 -m venv PEERS/${peer%%==*} && PEERS/${peer%%==*}/bin/pip install $peer
    done
    python bench/peers.py --malicious DIR --benign DIR --benign DIR --peers PEERS

One archive of each of as many clusters, first listed before and since 2024-08, and one of each of as many benign
projects, drawn with a fixed seed; labels that bench/labels.toml doubts are left out. Each archive is unpacked by our
own unpacker into a private folder, without execute bits, which is removed once every peer has read it. An error or
a time-out counts as a miss and as an alarm. These archives are of the development corpora: Stockade's detectors and
weights have seen them, the peers' may have.
"""

from __future__ import annotations

import argparse
import json
import random
import selectors
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stockade.acquire.sources.local import kind_of
from stockade.act.report.evaluation import LATER, Share
from stockade.analyse.unpack.opening import open_tree
from stockade.analyse.unpack.paths import resolved
from stockade.cli.eval import Label, doubts, labelled, lost

HERE = Path(__file__).parent
SEED = 20261124
#: Wall clock for one archive, and bytes that one may unpack to.
SECONDS, UNPACKED = 300.0, 200_000_000
PEERS = {"guarddog": ("5.0", "7.0"), "hexora": ("0.5", "0.7"), "pipguard": ("HIGH", "CRITICAL")}
SETS = ("earlier", "later", "benign")


@dataclass
class Tally:
    """What one tool said: flagged archives by set and threshold, errors, and processor seconds."""

    flagged: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    errors: int = 0
    seconds: float = 0.0


class Peer:
    """A peer's driver, started again after a time-out."""

    def __init__(self, name: str, python: Path) -> None:
        self.name, self._python, self.tally = name, python, Tally()
        self._start()

    def _start(self) -> None:
        command = [self._python, "-I", HERE / "peer_driver.py", self.name]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd="/",
        )
        if self._line(SECONDS) is None:
            raise SystemExit(f"{self.name} does not start: {self._python}")

    def _line(self, seconds: float) -> str | None:
        stream = self._process.stdout
        assert stream is not None
        with selectors.DefaultSelector() as ready:
            ready.register(stream, selectors.EVENT_READ)
            return (stream.readline() or None) if ready.select(seconds) else None

    def ask(self, folder: Path, where: str) -> None:
        """Count what it says of `folder`, an archive of the set `where`."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(str(folder)) + "\n")
        self._process.stdin.flush()
        line = self._line(SECONDS)
        answer = json.loads(line) if line else {"error": "time-out", "seconds": SECONDS}
        if line is None:
            self.close()
            self._start()
        self.tally.seconds += answer["seconds"]
        self.tally.errors += "error" in answer
        for threshold in PEERS[self.name]:
            said = answer.get("said", {}).get(threshold, where == "benign")
            self.tally.flagged[where, threshold] += bool(said)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def sample(labels: list[Label], each: int) -> dict[str, list[Path]]:
    """One archive a cluster or project, `each` of them a set."""
    doubted, first = doubts(HERE / "labels.toml"), {}
    groups: dict[str, dict[str, list[Path]]] = {name: defaultdict(list) for name in SETS}
    for one in labels:
        if one.malicious:
            first[one.cluster] = min(first.get(one.cluster, one.listed), one.listed)
    for one in labels:
        if not one.malicious:
            groups["benign"][one.path.name.split("-")[0].lower()].append(one.path)
        elif not doubted(lost(one)):
            groups["later" if first[one.cluster] >= LATER else "earlier"][one.cluster].append(one.path)
    rng = random.Random(SEED)
    chosen = {}
    for name, members in groups.items():
        keys = rng.sample(sorted(members), min(each, len(members)))
        chosen[name] = [rng.choice(sorted(members[key])) for key in keys]
    return chosen


@contextmanager
def unpacked(archive: Path) -> Iterator[tuple[Path, int]]:
    """A private folder with the archive's files, and the bytes of Python source among them; removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        root, source, total = Path(folder), 0, 0
        tree = open_tree(archive.read_bytes(), archive.name, kind_of(archive.name)).tree
        for member, data in tree.walk():
            path = resolved(member.path)
            total += len(data)
            if member.nested or not path or total > UNPACKED:
                continue
            target = root / path
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as file:
                    file.write(data)
            except (
                OSError,
                ValueError,
            ):  # a name that this file system cannot hold, or one that is there already
                continue
            source += len(data) if path.endswith((".py", ".pyw")) else 0
        yield root, source


def stockade(chosen: dict[str, list[Path]], tally: Tally) -> None:
    """Judge the same archives, packed as they are."""
    where = {str(path): name for name, paths in chosen.items() for path in paths}
    command = [sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())", "scan"]
    command += ["--evidence", "code", "--no-cache", "--format", "ndjson", *where]
    out = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    ).stdout
    said = {one["artifact"]: one for one in map(json.loads, out.splitlines())}
    for path, name in where.items():
        one = said.get(path, {"action": "undetermined", "seconds": 0.0})
        lost_here = one["action"] == "undetermined"
        tally.errors += lost_here
        tally.seconds += one["seconds"]
        tally.flagged[name, "block"] += one["action"] == "block" or (lost_here and name == "benign")
        tally.flagged[name, "ask"] += one["action"] in {"block", "ask"} or (lost_here and name == "benign")


def table(tallies: dict[str, Tally], chosen: dict[str, list[Path]], source: int) -> Iterator[str]:
    """Rows of Markdown for docs/benchmarks.md."""
    yield f"| tool, threshold | recall, earlier | recall, first listed {LATER} on | benign flagged | errors | a core |"
    yield "|---|---|---|---|---|---|"
    for name, thresholds in {"stockade": ("block", "ask"), **PEERS}.items():
        tally = tallies.get(name)
        if tally is None:
            continue
        for threshold in thresholds:
            shares = [str(Share(tally.flagged[one, threshold], len(chosen[one]))).strip() for one in SETS]
            speed = f"{source / 1e6 / tally.seconds:.1f} MB/s" if threshold == thresholds[0] else ""
            errors = str(tally.errors) if threshold == thresholds[0] else ""
            yield f"| {name}, {threshold} | {' | '.join(shares)} | {errors} | {speed} |"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--malicious", type=Path, required=True)
    parser.add_argument("--benign", type=Path, action="append", required=True)
    parser.add_argument("--peers", type=Path, required=True, help="a folder with a venv named like each peer")
    parser.add_argument("--each", type=int, default=150, help="archives a set")
    parser.add_argument(
        "--only", choices=("stockade", *PEERS), help="ask this one alone, of the same archives"
    )
    given = parser.parse_args()
    chosen = sample(list(labelled([given.malicious], given.benign)), given.each)
    tallies: dict[str, Tally] = {}
    source, began = 0, time.monotonic()
    if given.only in {None, "stockade"}:
        stockade(chosen, tallies.setdefault("stockade", Tally()))
    asked = [name for name in PEERS if given.only in {None, name} and (given.peers / name).is_dir()]
    peers = [Peer(name, given.peers / name / "bin/python") for name in asked]
    with ThreadPoolExecutor(max(1, len(peers))) as pool:
        for name, paths in chosen.items():
            for path in paths:
                with unpacked(path) as (folder, size):
                    source += size
                    for done in [pool.submit(peer.ask, folder, name) for peer in peers]:
                        done.result()
    for peer in peers:
        peer.close()
        tallies[peer.name] = peer.tally
    print("\n".join(table(tallies, chosen, source)))
    counts = ", ".join(f"{len(paths)} {name}" for name, paths in chosen.items())
    print(f"\n{counts}; {source / 1e6:.0f} MB of Python source; {time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    main()
