"""Installs a set of pinned distributions by uv and by pip, each way in turn, and prints what each took."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from gate_servers import STOCKADE, clean, devpi, gate, state

INSTALLERS = ("uv", "pip")


class Failed(Exception):
    """A command ended with another code than 0."""


@dataclass(frozen=True, slots=True)
class Took:
    """Wall seconds of one install, and processor seconds of all that it started."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Way:
    """How bytes come: `index` is given to the installer, `before` stands before its command."""

    index: str = ""
    before: Sequence[str] = ()
    env: Mapping[str, str] | None = None


def installs(
    wanted: Path, folder: Path, devpi_venv: Path, rounds: int, cold: int, installers: Sequence[str]
) -> None:
    """Measure and print. `folder` is empty; `rounds` warm ones, `cold` ones."""
    warm = folder / "warm"
    warm.mkdir()
    took: dict[tuple[str, str], list[Took]] = {}
    with ExitStack() as stack:
        served, _ = stack.enter_context(gate(warm))
        ways = {
            "direct": Way(),
            "warm serve": Way(index=served),
            "warm run": Way(before=(*STOCKADE, "run", "--"), env=state(warm)),
            "warm devpi": Way(index=stack.enter_context(devpi(devpi_venv, folder))),
        }
        for name in ("warm serve", "warm devpi"):  # warm them, once for each installer: builds ask for more
            for installer in installers:
                print(f"  warming {name} by {installer}: {_warmed(installer, wanted, ways[name], folder)}")
        for _ in range(rounds):
            for installer in installers:
                for name, way in ways.items():
                    took.setdefault((installer, name), []).append(installed(installer, wanted, way, folder))
    for number in range(cold):
        for installer in installers:
            fresh = folder / f"cold-{installer}-{number}"
            fresh.mkdir()
            took.setdefault((installer, "direct"), []).append(installed(installer, wanted, Way(), folder))
            with gate(fresh) as (url, _):
                took.setdefault((installer, "cold serve"), []).append(
                    installed(installer, wanted, Way(index=url), folder)
                )
            shutil.rmtree(fresh)
            took.setdefault(("", "check, cold"), []).append(_judged(wanted, folder / "judged"))
    _told(took, installers)


def _warmed(installer: str, wanted: Path, way: Way, folder: Path, tries: int = 4) -> str:
    """How long the first install took; a server that fetches everything may outlast a client's patience at first."""
    for number in range(1, tries + 1):
        try:
            took = installed(installer, wanted, way, folder)
        except Failed as why:
            shutil.rmtree(folder / "target", ignore_errors=True)
            print(f"    try {number} failed: {str(why).strip().splitlines()[-1][:160]}", flush=True)
        else:
            return f"{took.wall:.1f} s"
    raise SystemExit(f"{tries} tries failed")


def _told(took: Mapping[tuple[str, str], Sequence[Took]], installers: Sequence[str]) -> None:
    judging = [one.wall for one in took.get(("", "check, cold"), ())]
    if judging:
        print(
            f"{'stockade check of the set, nothing cached':42}"
            f" {min(judging):7.2f} {median(judging):7.2f} {max(judging):7.2f} s"
        )
    for installer in installers:
        direct = median(one.wall for one in took[installer, "direct"])
        for (whose, name), runs in took.items():
            if whose != installer:
                continue
            walls = [one.wall for one in runs]
            line = (
                f"{installer:4} {name:12} {len(walls):2} runs, wall: min, median, max"
                f" {min(walls):7.2f} {median(walls):7.2f} {max(walls):7.2f} s"
                f"   {median(walls) / direct:5.2f} x direct"
            )
            if name.startswith("cold") and judging:
                bar = direct + 1.2 * median(judging)
                line += f", {median(walls) / bar:.2f} x (direct + 1.2 x judging = {bar:.1f} s)"
            print(line)


def installed(installer: str, wanted: Path, way: Way, folder: Path) -> Took:
    """One install into a fresh virtual environment, with nothing cached by the installer."""
    target = folder / "target"
    venv.create(target, with_pip=False)
    python = str(target / "bin" / "python")
    index = ["--index-url", way.index] if way.index else []
    if installer == "uv":
        uv = str(Path(sys.executable).with_name("uv"))
        words = [uv, "pip", "install", "--quiet", "--no-config", "--no-cache", "--python", python]
    else:
        words = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-cache-dir"]
    words = [*way.before, *words, *index, "-r", str(wanted)]
    took = _timed(words, way.env or clean(), f"{installer} {way}")
    shutil.rmtree(target)
    return took


def _judged(wanted: Path, folder: Path) -> Took:
    """`stockade check` of the set with nothing cached: what fetching and judging it costs here."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    took = _timed([*STOCKADE, "check", "-r", str(wanted)], state(folder), "check")
    shutil.rmtree(folder)
    return took


def _timed(words: Sequence[str], env: Mapping[str, str], what: str) -> Took:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, env=dict(env), capture_output=True, check=False, timeout=1800)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise Failed(
            f"{what} ended with {done.returncode}:\n{done.stdout.decode()[-3000:]}\n{done.stderr.decode()[-3000:]}"
        )
    return Took(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
