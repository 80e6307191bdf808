"""Which of the three a machine has."""

from __future__ import annotations

from typing import Protocol

from stockade.act.schedule import cron, launchd, systemd
from stockade.act.schedule.jobs import Job, Machine
from stockade.act.schedule.plan import Step
from stockade.errors import ScheduleFailed


class Manager(Protocol):
    """Something that starts a job every so often."""

    def there(self, machine: Machine) -> bool: ...
    def installing(self, job: Job, machine: Machine) -> list[Step]: ...
    def removing(self, name: str, machine: Machine) -> list[Step]: ...


MANAGERS: dict[str, Manager] = {"launchd": launchd, "systemd": systemd, "cron": cron}


def set_up(job: Job, machine: Machine, by: str | None = None) -> tuple[str, list[Step]]:
    """(the manager, what sets the job up in it). What another one has of it goes first, so that it is there once.

    `by` names the manager; None takes the first that is there. Raises ScheduleFailed where there is none.
    """
    found = [name for name, one in MANAGERS.items() if by in (None, name) and one.there(machine)]
    if not found:
        wanted = by or "systemd's user manager, launchd or cron"
        raise ScheduleFailed(f"{wanted} does not answer on this machine")
    chosen = found[0]
    rest = [
        step for name in MANAGERS if name != chosen for step in MANAGERS[name].removing(job.name, machine)
    ]
    return chosen, [*rest, *MANAGERS[chosen].installing(job, machine)]


def taken_out(name: str, machine: Machine) -> list[Step]:
    """What takes a job out, wherever it is; nothing where it is nowhere."""
    return [step for one in MANAGERS.values() for step in one.removing(name, machine)]
