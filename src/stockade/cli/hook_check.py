"""The judging half of ``stockade hook``: `stockade check`, in a process of its own that may be stopped or break."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from stockade.act.gate.hook.found import Install
from stockade.act.gate.hook.reply import ALLOW, ASK, DENY
from stockade.model.decision import Exit

#: -P: nothing is imported from the folder of the project.
_CHECK = [sys.executable, "-P", "-c", "import sys; from stockade.cli import main; sys.exit(main())", "check"]


def judged(wanted: Sequence[Install], policy: Path | None, seconds: float) -> Iterator[tuple[str, str]]:
    """The decision and the reason for each; `seconds` are for all of them together."""
    until = time.monotonic() + seconds
    for one in wanted:
        yield _one(one, policy, until)


def _one(wanted: Install, policy: Path | None, until: float) -> tuple[str, str]:
    with tempfile.TemporaryDirectory(prefix="stockade-hook-") as folder:
        report = Path(folder) / "report.json"
        words = [*_CHECK, "--format", "json", "--output", str(report)]
        if policy is not None:
            words += ["--policy", str(policy.absolute())]
        words += _words(wanted, Path(folder))
        left = until - time.monotonic()
        try:
            done = subprocess.run(  # noqa: S603
                words,
                cwd=wanted.cwd,
                env={**os.environ, **wanted.env},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=max(left, 0.1),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return (
                ASK,
                f"judging {wanted.what} takes longer than this agent waits; `stockade check` has the time",
            )
        except OSError as why:
            return ASK, f"{wanted.what} was not judged: {why.strerror}"
        return _decided(wanted, done, report)


def _words(wanted: Install, folder: Path) -> list[str]:
    """The words of `stockade check` that ask for the same."""
    words = [f"--installer={wanted.installer}"]
    if wanted.index:
        words.append(f"--index-url={wanted.index}")
    words += [f"--extra-index-url={one}" for one in wanted.extra]
    words += [f"--requirements={one}" for one in wanted.files]
    words += [f"--constraint={one}" for one in wanted.constraints]
    options = [f"--find-links {one}" for one in wanted.links] + ["--pre"] * wanted.prereleases
    if options:
        (folder / "options.txt").write_text("\n".join(options) + "\n", encoding="utf-8")
        words.append(f"--requirements={folder / 'options.txt'}")
    if wanted.lock:
        return ["--lock", wanted.lock]
    return [*words, "--", *wanted.requirements] if wanted.requirements else words


def _decided(wanted: Install, done: subprocess.CompletedProcess[str], report: Path) -> tuple[str, str]:
    if done.returncode == Exit.ALLOWED:
        return ALLOW, f"{wanted.what} may be installed"
    decision = DENY if done.returncode == Exit.BLOCKED else ASK
    refused = {Exit.BLOCKED: "block", Exit.UNDETERMINED: "undetermined", Exit.ASK: "ask"}
    if done.returncode in refused:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            why = _why(json.loads(report.read_bytes()), refused[Exit(done.returncode)])
            if why:
                return decision, why
    said = next((line for line in done.stderr.splitlines() if line.strip()), "")
    return decision, said.removeprefix("stockade: ") or f"{wanted.what} could not be judged"


def _why(document: dict[str, object], action: str) -> str:
    """The first file that got this `action`, or gap, with its weightiest reason."""
    releases = document["releases"]
    assert isinstance(releases, list)
    for release in releases:
        for one in release["artifacts"]:
            if one["action"] == action:
                about = f"{release['project']} {release['version']}"
                return f"{about}: {next(iter(one['reasons']), action)}"
    gaps = document["gaps"]
    assert isinstance(gaps, list)
    return next((f"{one['what']}: {one['why']}" for one in gaps if one["kind"] == "limit"), "")
