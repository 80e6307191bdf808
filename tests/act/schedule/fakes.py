"""Programs that start jobs, as fakes that write down what they were run with."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from stockade.act.schedule.jobs import Machine

_FAKE = """#!{python}
import json, pathlib, sys
here = pathlib.Path({here!r})
with open(here / "calls.json", "a") as calls:
    calls.write(json.dumps(["{name}", *sys.argv[1:]]) + "\\n")
{body}
"""
_SYSTEMCTL = """
if "is-system-running" in sys.argv:
    print("{state}")
    sys.exit({code})
fails = here / "fails"
if fails.exists() and fails.read_text() in sys.argv:
    sys.exit("Failed to do it\\x1b[2J")
"""
_CRONTAB = """
table = here / "crontab.txt"
if sys.argv[1] == "-l":
    if not table.exists():
        sys.exit("no crontab for ada")
    sys.stdout.write(table.read_text())
elif sys.argv[1] == "-r":
    table.unlink()
else:
    table.write_text(sys.stdin.read())
"""


@dataclass
class Fakes:
    """A home, and programs on its PATH that write down what they were run with."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "bin").mkdir(parents=True)
        self.environ = {"PATH": str(self.folder / "bin")}

    def program(self, name: str, body: str = "") -> None:
        path = self.folder / "bin" / name
        text = _FAKE.format(python=sys.executable, here=str(self.folder), name=name, body=body)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def systemctl(self, state: str = "running") -> None:
        self.program("systemctl", _SYSTEMCTL.format(state=state, code=int(state != "running")))

    def crontab(self) -> None:
        self.program("crontab", _CRONTAB)

    def machine(self, platform: str = "linux") -> Machine:
        return Machine(home=self.folder / "home", environ=self.environ, platform=platform, uid=501)

    def calls(self) -> list[list[str]]:
        path = self.folder / "calls.json"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [json.loads(line) for line in lines]

    @property
    def table(self) -> Path:
        return self.folder / "crontab.txt"

    def tree(self) -> dict[str, bytes]:
        home = self.folder / "home"
        return {str(one.relative_to(home)): one.read_bytes() for one in home.rglob("*") if one.is_file()}
