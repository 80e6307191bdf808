#!/usr/bin/env python3
"""Times whole audits of a made environment against a made feed, beside pip-audit on a double of OSV's service.

    python bench/audit_whole.py [--distributions 500] [--files 60000] [--advisories 250000] [--runs 3] [--peer VENV]

The environment is that of bench/audit.py, the feed holds records about other projects and ten that concern it. Each
figure is the wall clock of one command with its start: `stockade audit --no-code` for the first time (every digest),
afterwards, and afterwards with its ledger; and `pip-audit --path` of the environment VENV, whose every question is
answered by a server on 127.0.0.1 at once. pip-audit asks about names and versions and looks at no file.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from audit import make
from speed import machine

from stockade.acquire.advisories.osv import record
from stockade.model.advisory import Feed, FeedKind, FeedState, Record
from stockade.remember import feeds

STOCKADE = (sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())")
#: Distributions of the environment that an advisory concerns.
HIT = 10


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--distributions", type=int, default=500)
    parser.add_argument("--files", type=int, default=60_000)
    parser.add_argument("--advisories", type=int, default=250_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer", type=Path, metavar="VENV", help="an environment with pip-audit")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="audit-") as name:
        folder = Path(name)
        env = folder / "env"
        make(env, given.distributions, given.files, compiled=False)
        started = time.perf_counter()
        fill(folder / "data/feeds", given.advisories)
        filled = time.perf_counter() - started
        time.sleep(2.5)  # what has only just changed is not remembered, since it may change again
        print(
            f"{machine()}\n{given.distributions} distributions, {given.files:,} files; {given.advisories:,} advisories"
        )
        print(f"(put into the store in {filled:.1f} s)\n\n| command | wall s | findings |\n|---|---|---|")
        ours = [*STOCKADE, "audit", "--no-code", "--format", "json", str(env)]
        # Without compiled files each command would compile Stockade anew, which no installed one does.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environ = kept | {
            f"STOCKADE_{one}_DIR": str(folder / one.lower()) for one in ("DATA", "CACHE", "CONFIG")
        }
        show("stockade, first time", [run([*ours, "--no-ledger"], environ)])
        show("stockade, afterwards", [run([*ours, "--no-ledger"], environ) for _ in range(given.runs)])
        show("stockade, with its ledger", [run(ours, environ) for _ in range(given.runs + 1)][1:])
        if given.peer:
            beside(given.peer, env, given.runs)


def published(number: int) -> Iterator[bytes]:
    """So many records: all but HIT of them about projects that nobody has."""
    for one in range(number):
        name = f"made-{one * 7:03}" if one < HIT else f"elsewhere-{one}"
        events = (
            [{"introduced": "0"}, {"fixed": "9999"}]
            if one < HIT
            else [{"introduced": "0"}, {"fixed": f"{one % 90}.1"}]
        )
        yield json.dumps(
            {
                "id": f"BENCH-{one}",
                "modified": "2026-01-01T00:00:00Z",
                "published": "2026-01-01T00:00:00Z",
                "summary": "made for a measurement",
                "affected": [
                    {
                        "package": {"ecosystem": "PyPI", "name": name},
                        "ranges": [{"type": "ECOSYSTEM", "events": events}],
                    }
                ],
            }
        ).encode()


def fill(folder: Path, number: int) -> None:
    """A copy of a feed with so many advisories."""
    feed = Feed(name="bench", kind=FeedKind.OSV, url="https://advisories.example/")
    now = datetime.now(UTC)

    def records() -> Iterator[Record]:
        return (record(one, "bench") for one in published(number))

    with feeds.turn(folder):
        feeds.replaced(
            folder,
            feed,
            records(),
            lambda: FeedState(name=feed.name, kind=feed.kind, url=feed.url, checked=now, full=now),
        )


def run(words: list[str], environ: dict[str, str]) -> tuple[float, int]:
    """Seconds, and how many advisories it told of."""
    started = time.perf_counter()
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}") from None
    if "environments" in told:
        kinds = [one["kind"] for each in told["environments"] for one in each["findings"]]
        return seconds, kinds.count("vulnerable")
    return seconds, sum(len(one["vulns"]) for one in told["dependencies"])


def show(name: str, runs: list[tuple[float, int]]) -> None:
    """A row."""
    seconds = [one for one, _ in runs]
    print(f"| {name} | {median(seconds):.2f} | {runs[0][1]} |", flush=True)


class _Service(BaseHTTPRequestHandler):
    """Answers as OSV's service does, from the same records."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        name = asked["package"]["name"]
        found = [json.loads(one) for one in published(HIT) if f'"{name}"'.encode() in one]
        body = json.dumps({"vulns": found} if found else {}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def beside(peer: Path, env: Path, runs: int) -> None:
    """pip-audit on the same environment."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1/query"
    site = next(env.glob("lib/python*/site-packages"))
    words = [str(peer / "bin/pip-audit"), "--path", str(site), "-s", "osv", "--osv-url", url, "-f", "json"]
    with tempfile.TemporaryDirectory() as cache:
        words += ["--cache-dir", cache, "--progress-spinner", "off"]
        show("pip-audit, from its own service", [run(words, dict(os.environ)) for _ in range(runs)])
    server.shutdown()


if __name__ == "__main__":
    main()
