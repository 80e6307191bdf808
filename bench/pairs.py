#!/usr/bin/env python3
"""Compares how fast two versions of the analyser are: archive by archive, in turns, on one machine.

    python bench/pairs.py BEFORE AFTER ARCHIVE… [--python BEFORE] [--python AFTER] [--rounds N] [--seed N]

BEFORE and AFTER are folders of the source (checkouts), whose `src` is imported. Each has one confined worker at a
time, and the reference that ships, as in `stockade eval`; counted is the worker's processor time, the least of its
rounds. Archives whose findings differ (but for their order and the time that they took) are named. One pair of
processes may differ by 3 % for where their memory lies: give several seeds their turn.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from stockade.acquire.sources.local import local_targets
from stockade.analyse.options import Options
from stockade.cli.known import reference
from stockade.model.artifact import Artifact
from stockade.workers import confined


def answer() -> None:
    """A version: a path a line in, and for each its seconds, the bytes of its source and a digest of its findings."""
    found = reference(None, [])
    known = found.reference if found else None
    options = Options(reference=known.digest if known else "", leave_out=True)
    with confined(jobs=1, options=options, reference=known) as analyser:
        for line in sys.stdin:
            artifacts = (one for one in local_targets([line.strip()], Path()) if isinstance(one, Artifact))
            for _, findings in analyser.analyse(artifacts):
                told = msgspec.to_builtins(findings)
                told["evidence"] = sorted(map(repr, told["evidence"]))
                seconds = told.pop("seconds")
                digest = hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()
                print(seconds, findings.source_bytes, digest, flush=True)


class Version:
    """A process that analyses with one version."""

    def __init__(self, folder: Path, python: str, seed: int) -> None:
        env = os.environ | {"PYTHONPATH": str(folder.resolve() / "src"), "PYTHONHASHSEED": str(seed)}
        words = [python, "-P", __file__, "--answer"]
        self._process = subprocess.Popen(
            words, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, path: Path) -> tuple[float, int, str]:
        """Seconds, bytes of source, digest."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        seconds, size, digest = self._process.stdout.readline().split()
        return float(seconds), int(size), digest


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("archives", type=Path, nargs="+")
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    pythons = [*given.python, sys.executable, sys.executable]
    pair = [
        Version(given.before, pythons[0], given.seed),
        Version(given.after, pythons[1], given.seed),
    ]
    total, source = [0.0, 0.0], 0
    for number, path in enumerate(given.archives):
        least, digests = [float("inf")] * 2, [""] * 2
        for turn in range(given.rounds):
            for which in (0, 1) if (number + turn) % 2 else (1, 0):
                seconds, size, digests[which] = pair[which].ask(path)
                least[which] = min(least[which], seconds)
        source += size
        total = [spent + one for spent, one in zip(total, least, strict=True)]
        if digests[0] != digests[1]:
            print(f"differs: {path}")
    before, after = (source / spent / 1e6 for spent in total)
    print(
        f"{len(given.archives)} archives, {source / 1e6:.0f} MB: {before:.2f} -> {after:.2f} MB/s"
        f" ({total[0]:.2f} -> {total[1]:.2f} s, {total[0] / total[1]:.3f} times as fast)"
    )


if __name__ == "__main__":
    answer() if sys.argv[1:] == ["--answer"] else main()
