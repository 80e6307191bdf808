"""A standing gate as a process of its own, in front of a loopback index, with a machine of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_URL = re.compile(r"serving (http://127\.0\.0\.1:\d+/simple/)")


@dataclass
class Served:
    """One gate. `url` is its index; `said` what it wrote on standard error so far."""

    process: subprocess.Popen[str]
    url: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Its address without the path."""
        return self.url.removesuffix("/simple/")

    def listen(self) -> None:
        """Read what it says, for as long as it lives."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if found := _URL.search(line):
                self.url = found[1]

    def kill(self) -> None:
        """SIGKILL, at once."""
        self.process.kill()
        self.process.wait(10)


def machine(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a machine that is a folder: nothing of the real one's configuration is in it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "UV_", "STOCKADE_")) and not name.lower().endswith("_proxy")
    }
    return kept | {
        "HOME": str(folder / "home"),
        "XDG_CONFIG_HOME": str(folder / "home/.config"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "STOCKADE_CACHE_DIR": str(folder / "cache"),
        "STOCKADE_CONFIG_DIR": str(folder / "config"),
        "STOCKADE_DATA_DIR": str(folder / "data"),
        **more,
    }


@contextmanager
def serving(
    folder: Path, upstream: str, options: Sequence[str] = (), env: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """A gate that runs in `folder`, until the block ends; an AssertionError if it does not start."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())", "serve"]
    command += ["--port", "0", "--index-url", upstream, *options]
    process = subprocess.Popen(
        command, env=dict(env or machine(folder)), cwd=folder, stderr=subprocess.PIPE, text=True
    )
    gate = Served(process)
    listener = threading.Thread(target=gate.listen, daemon=True)
    listener.start()
    until = time.monotonic() + 60
    while not gate.url and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert gate.url, "".join(gate.said)
    try:
        yield gate
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        listener.join(5)
        assert process.stderr is not None
        process.stderr.close()
