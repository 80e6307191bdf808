"""An agent of macOS' launchd (launchd.plist(5))."""

from __future__ import annotations

import plistlib
from pathlib import Path

from stockade.act.schedule.jobs import MARK, Job, Machine
from stockade.act.schedule.plan import Remove, Run, Step, Write, is_ours


def there(machine: Machine) -> bool:
    """Whether this is macOS."""
    return machine.platform == "darwin" and machine.program("launchctl") is not None


def installing(job: Job, machine: Machine) -> list[Step]:
    """What sets it up."""
    path = _path(job.name, machine)
    program = machine.program("launchctl") or "launchctl"
    return [
        Write(path, _plist(job)),
        # What runs under that label already has to go first.
        Run((program, "bootout", f"gui/{machine.uid}/{_label(job.name)}"), may_fail=True),
        Run((program, "bootstrap", f"gui/{machine.uid}", str(path))),
    ]


def removing(name: str, machine: Machine) -> list[Step]:
    """What takes it out; nothing where it isn't there."""
    path = _path(name, machine)
    if not is_ours(path):
        return []
    program = machine.program("launchctl") or "launchctl"
    return [Run((program, "bootout", f"gui/{machine.uid}/{_label(name)}"), may_fail=True), Remove(path)]


def _label(name: str) -> str:
    return f"stockade.{name}"


def _path(name: str, machine: Machine) -> Path:
    return machine.home / "Library/LaunchAgents" / f"{_label(name)}.plist"


def _plist(job: Job) -> str:
    about = {
        "Label": _label(job.name),
        "ProgramArguments": list(job.words),
        "StartInterval": int(job.every.total_seconds()),
        "RunAtLoad": True,
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "Nice": 10,
        "Umask": 0o077,
        "HardResourceLimits": {"Core": 0},
    }
    if job.environ:
        about["EnvironmentVariables"] = dict(job.environ)
    text = plistlib.dumps(about, sort_keys=False).decode("utf-8")
    first, rest = text.split("\n", 1)
    # Two hyphens would end a comment of XML.
    return f"{first}\n<!-- {MARK}; `{job.undo.replace('--', '- -')}` takes it out. -->\n{rest}"
