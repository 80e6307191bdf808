#!/usr/bin/env python3
"""Times the reading half of an audit on an environment that is made for it, and prints a table.

    python bench/audit.py [--distributions 500] [--files 60000] [--runs 5] [--folder DIR] [--compiled]

The environment is inert: modules of a few constants and some data, of sizes that are spread like those of a large
real one (median 2 kB, one in a hundred 150 kB). It is made once in `--folder` and used again there. Measured are one
first audit with all digests, then audits that know every file; beside them stands a bare walk with the state of
every file, which is the least that noticing a change costs. Each figure is wall and processor time of this one
process; the files are in the system's memory, as they are where somebody works with them.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TypeVar

from speed import machine

from stockade.acquire.environments.find import environment_at
from stockade.acquire.environments.inventory import inventory
from stockade.acquire.environments.tree import listed
from stockade.remember.stamps import StampStore

T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--distributions", type=int, default=500)
    parser.add_argument("--files", type=int, default=60_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument(
        "--compiled", action="store_true", help="with compiled files beside the modules, as pip makes"
    )
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="audit-"))
    try:
        env = folder / f"env-{given.distributions}-{given.files}{'-compiled' if given.compiled else ''}"
        if not env.exists():
            make(env, given.distributions, given.files, compiled=given.compiled)
            time.sleep(2.5)  # what has only just changed is not remembered, since it may change again
        measure(env, given.runs)
    finally:
        if given.folder is None:
            shutil.rmtree(folder)


def make(env: Path, distributions: int, files: int, *, compiled: bool) -> None:
    """An environment of that many distributions with that many files in all, each listed in a RECORD."""
    chosen = random.Random(6)
    site = env / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    (env / "bin").mkdir()
    (env / "pyvenv.cfg").write_text("home = /nowhere/bin\nversion = 3.11.9\n")
    each = files // distributions
    for number in range(distributions):
        name = f"made_{number:03}"
        info = f"{name}-1.{number}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.{number}\nSummary: inert\n" + "".join(
            f"Requires-Dist: made-{chosen.randrange(distributions):03}>=1\n" for _ in range(4)
        )
        held = {
            f"{info}/METADATA": f"{metadata}\n{'A description. ' * 300}".encode(),
            f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{info}/INSTALLER": b"pip\n",
            f"{name}/__init__.py": b'VERSION = "1"\n',
        }
        for part in range(each - len(held) - 1):
            ending = "py" if part % 5 else "json"
            size = 150_000 if part == 99 else int(chosen.lognormvariate(7.6, 1))
            line = f"VALUE_{chosen.randrange(10**9)} = {part}\n" if ending == "py" else f'["{part}"]\n'
            held[f"{name}/part_{part // 20}/module_{part}.{ending}"] = (
                line * (size // len(line) + 1)
            ).encode()
        rows = [f"{path},{_hashed(data)},{len(data)}" for path, data in held.items()]
        for path, data in held.items():
            target = site / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            if compiled and path.endswith(".py"):
                rows.append(_compiled(target, site))
        (site / info / "RECORD").write_text("\n".join([*rows, f"{info}/RECORD,,"]) + "\n")


def measure(env: Path, runs: int) -> None:
    """The table."""
    found = environment_at(env, note=print)
    assert found is not None
    with tempfile.TemporaryDirectory() as cache:
        stamps = StampStore(Path(cache), note=print)
        inventory(found)  # so that the files are in memory for each of what follows
        first, held = _timed(lambda: inventory(found, stamps=stamps), 1)
        assert not held.oddities, held.oddities
        assert not held.gaps, held.gaps
        again, known = _timed(lambda: inventory(found, stamps=stamps), runs)
        assert known.digested == 0, known.digested
        assert known.installed == held.installed
    bare, _ = _timed(lambda: listed(found.site, print), runs)
    print(
        f"{machine()}\n{len(held.installed)} distributions, {held.files:,} files, {held.digested:,} digested first\n"
    )
    print("| audit without code analysis | wall s | processor s |\n|---|---|---|")
    for name, (wall, processor) in (
        ("first time, all digests", first),
        (f"afterwards (median of {runs})", again),
        (f"walk and states alone (median of {runs})", bare),
    ):
        print(f"| {name} | {wall:.2f} | {processor:.2f} |")


def _timed(work: Callable[[], T], runs: int) -> tuple[tuple[float, float], T]:
    walls, processors = [], []
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return (median(walls), median(processors)), result


def _hashed(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _compiled(source: Path, site: Path) -> str:
    """A compiled file whose header fits its source, as pip lists it; its code is none."""
    found = source.stat()
    folder = source.parent / "__pycache__"
    folder.mkdir(exist_ok=True)
    target = folder / f"{source.stem}.cpython-311.pyc"
    header = (3495).to_bytes(2, "little") + b"\r\n" + bytes(4)
    header += int(found.st_mtime).to_bytes(4, "little") + found.st_size.to_bytes(4, "little")
    target.write_bytes(header + bytes(200))
    return f"{os.path.relpath(target, site)},,"


if __name__ == "__main__":
    main()
