#!/usr/bin/env python3
"""Times what a person waits for, as whole processes, and prints a table with the machine's description.

    python bench/speed.py WHEEL [--check REQUIREMENTS] [--runs N]

WHEEL is one archive for `stockade scan`; REQUIREMENTS a file (speed.txt beside this) whose closure `stockade
check` judges with a warm cache (it is run once before it is timed). Beside each stands `python -c "import
packaging.requirements"` from the same interpreter in the same run, as a measure of what a bare command costs
on this machine today.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

STOCKADE = str(Path(sys.executable).with_name("stockade"))


def machine() -> str:
    """Processor, cores, kernel and Python, as the system tells them."""
    name = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    cores = len(os.sched_getaffinity(0))
    return f"{name}, {cores} cores, Linux {platform.release()}, Python {platform.python_version()}"


def timed(words: list[str], env: dict[str, str], expect: int) -> tuple[float, float]:
    """Wall seconds and processor seconds of one run; raises if it does not end with `expect`."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != expect:
        raise SystemExit(f"{words} ended with {done.returncode}: {done.stderr.decode()}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "STOCKADE_CACHE_DIR": cache}
        bare = [sys.executable, "-c", "import packaging.requirements"]
        jobs = {
            "scan, nothing cached": [STOCKADE, "scan", "--no-cache", str(given.wheel)],
            "scan, cached": [STOCKADE, "scan", str(given.wheel)],
        }
        if given.check:
            jobs["check, warm"] = [STOCKADE, "check", "-r", str(given.check)]
            timed(jobs["check, warm"], env, 0)
        print(f"{'':24} wall: min  median     max   processor   ratio to a bare command")
        for name, words in jobs.items():
            timed(words, env, 0)
            pairs = [(timed(words, env, 0), timed(bare, env, 0)) for _ in range(given.runs)]
            walls = sorted(wall for (wall, _), _ in pairs)
            ratio = median(mine[0] / other[0] for mine, other in pairs)
            cpu = median(mine[1] for mine, _ in pairs)
            print(
                f"{name:24} {walls[0]:9.3f} {median(walls):7.3f} {walls[-1]:7.3f} s {cpu:9.3f} s   {ratio:.1f}"
            )


if __name__ == "__main__":
    main()
