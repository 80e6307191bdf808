"""What the gate costs, beside installs without one and beside devpi-server, in one run.

    .venv/bin/python bench/gate.py                     everything, some fifteen minutes
    .venv/bin/python bench/gate.py --only loads        listings and memory alone

Asks the installers' default index for the hundred distributions of gate-set.txt, and otherwise only loopback.
devpi-server is installed into .cache/devpi the first time.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from gate_installs import INSTALLERS, installs
from gate_load import loads
from speed import machine

HERE = Path(__file__).parent


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", choices=("installs", "loads"), help="one half of it")
    parser.add_argument(
        "--set", type=Path, default=HERE / "gate-set.txt", help="pinned requirements to install"
    )
    parser.add_argument("--rounds", type=int, default=3, help="warm installs of each way")
    parser.add_argument("--cold", type=int, default=1, help="cold installs of each installer")
    parser.add_argument("--installer", choices=INSTALLERS, action="append", help="default: both")
    parser.add_argument("--rate", type=float, default=500, help="listings a second")
    parser.add_argument("--seconds", type=float, default=10, help="for so long")
    parser.add_argument("--megabytes", type=int, default=1024, help="size of the large file")
    given = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {machine()}")
    with tempfile.TemporaryDirectory(prefix="gate-") as folder:
        place = Path(folder)
        if given.only != "installs":
            loads(place, "requests", given.rate, given.seconds, given.megabytes)
        if given.only != "loads":
            devpi = HERE.parent / ".cache" / "devpi"
            installs(given.set, place, devpi, given.rounds, given.cold, given.installer or INSTALLERS)


if __name__ == "__main__":
    main()
