"""A timer of systemd's user manager, and the service that it starts (systemd.timer(5), systemd.service(5))."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from stockade.act.schedule.jobs import MARK, Job, Machine
from stockade.act.schedule.plan import Remove, Run, Step, Write, is_ours, ran

#: How late it may be, at random, so that a fleet does not ask all at once.
_SPREAD = timedelta(minutes=10)


def there(machine: Machine) -> bool:
    """Whether this user's manager answers."""
    program = machine.program("systemctl")
    if program is None:
        return False
    # It ends with 1 for "degraded", too; one that isn't there is "offline", or says nothing.
    said = ran((program, "--user", "is-system-running")).stdout.strip()
    return said in {"running", "degraded", "starting", "initializing", "maintenance"}


def installing(job: Job, machine: Machine) -> list[Step]:
    """What sets it up."""
    service, timer = _paths(job.name, machine)
    program = machine.program("systemctl") or "systemctl"
    return [
        Write(service, _service(job)),
        Write(timer, _timer(job)),
        Run((program, "--user", "daemon-reload")),
        Run((program, "--user", "enable", timer.name)),
        # Also where it runs already, with another interval.
        Run((program, "--user", "restart", timer.name)),
    ]


def removing(name: str, machine: Machine) -> list[Step]:
    """What takes it out; nothing where it isn't there."""
    found = [path for path in _paths(name, machine) if is_ours(path)]
    if not found:
        return []
    program = machine.program("systemctl") or "systemctl"
    _, timer = _paths(name, machine)
    return [
        Run((program, "--user", "disable", "--now", timer.name), may_fail=True),
        *(Remove(path) for path in found),
        Run((program, "--user", "daemon-reload"), may_fail=True),
    ]


def _paths(name: str, machine: Machine) -> tuple[Path, Path]:
    base = Path(machine.environ.get("XDG_CONFIG_HOME") or machine.home / ".config") / "systemd/user"
    return base / f"stockade-{name}.service", base / f"stockade-{name}.timer"


def _service(job: Job) -> str:
    environ = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in job.environ.items())
    command = " ".join(_quoted(word).replace("$", "$$") for word in job.words)
    return f"""\
# {MARK}; `{job.undo}` takes it out.
[Unit]
Description=Stockade: {job.purpose}

[Service]
Type=oneshot
ExecStart={command}
{environ}\
# It found something, or could not look everywhere: that is said, and is no failure of the service.
SuccessExitStatus=10 11 12
Nice=10
IOSchedulingClass=idle
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LimitCORE=0
TimeoutStartSec=3h
"""


def _timer(job: Job) -> str:
    seconds = int(job.every.total_seconds())
    spread = int(min(_SPREAD, job.every / 4).total_seconds())
    return f"""\
# {MARK}; `{job.undo}` takes it out.
[Unit]
Description=Stockade: {job.purpose}

[Timer]
OnStartupSec=2min
OnUnitInactiveSec={seconds}s
RandomizedDelaySec={spread}s

[Install]
WantedBy=timers.target
"""


def _quoted(word: str) -> str:
    """As systemd unquotes it; ``%`` would begin a specifier."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
