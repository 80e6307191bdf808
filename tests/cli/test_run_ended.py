"""`stockade run` that is told to end from outside, as a CI job is: its command ends first, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.gates import machine

RUN = "import sys; from stockade.cli import main; sys.exit(main())"
#: Says that it runs, by a file, and how it ended.
COMMAND = """
import pathlib, signal, sys, time
def ended(number, frame):
    pathlib.Path("ended").write_text(str(number)); sys.exit(3)
signal.signal(signal.SIGTERM, ended)
pathlib.Path("began").write_text("")
time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="waits for a system with POSIX signals")
def test_what_ends_the_gate_ends_its_command_first_and_leaves_nothing(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, "run", "--", sys.executable, "-c", COMMAND],
        env=machine(tmp_path, TMPDIR=str(temporary)),
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 60
    while not (tmp_path / "began").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert (tmp_path / "ended").read_text() == str(int(signal.SIGTERM)), said
    assert process.returncode == 3
    assert "0 files judged and let through" in said
    assert list(temporary.iterdir()) == []
