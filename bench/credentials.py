"""How long `stockade creds list` takes over a home of many files, in whole commands.

    python bench/credentials.py --files 200000

The home is made up in a temporary folder: projects with sources, environments, caches and histories of git, and in it
every kind of place that the tests know. No real home is looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.homes import home, secret, write  # noqa: E402


def fill(root: Path, files: int) -> int:
    """Some of each: a third where nobody writes by hand, the rest in projects; every 500th is an .env file."""
    made = 0
    for number in range(10**9):
        project = root / f"work/{number % 40}/p{number}"
        for part in ("src", "src/sub", "docs", ".venv/lib/site-packages/x"):
            folder = project / part
            folder.mkdir(parents=True, exist_ok=True)
            for each in range(25):
                (folder / f"f{each}.py").touch()
                made += 1
                if made >= files:
                    return made
        if number % 5 == 0:
            write(project / ".env", f"SHOP_TOKEN={secret(str(number))}\n")
            made += 1
    return made


def main() -> None:
    """Make the home, run the command, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = home(Path(folder))
        made = fill(root, given.files)
        environ = {**os.environ, "STOCKADE_DATA_DIR": f"{folder}/data"}
        command = [
            sys.executable,
            "-c",
            "import sys; from stockade.cli import main; sys.exit(main())",
            "creds",
            "list",
            "--home",
            str(root),
            "--format",
            "json",
        ]
        took, found = [], 0
        for _ in range(given.rounds):
            start = time.perf_counter()
            done = subprocess.run(command, env=environ, capture_output=True, check=True)
            took.append(time.perf_counter() - start)
            found = len(json.loads(done.stdout)["credentials"])
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    )
    print(f"{made:,} files, {found:,} credentials, files in memory")
    spread = f"{min(took):.2f} to {max(took):.2f}"
    print(f"creds list: median {statistics.median(took):.2f} s, {spread} ({given.rounds} rounds)")


if __name__ == "__main__":
    main()
