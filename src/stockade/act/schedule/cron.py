"""An entry of this user's crontab (crontab(1), crontab(5)), between two lines of ours; every other byte stays."""

from __future__ import annotations

import hashlib
import shlex
from datetime import timedelta

from stockade.act.schedule.jobs import MARK, Job, Machine
from stockade.act.schedule.plan import Run, Step, ran
from stockade.errors import ScheduleFailed

_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def there(machine: Machine) -> bool:
    """Whether there is a crontab to write."""
    return machine.program("crontab") is not None


def installing(job: Job, machine: Machine) -> list[Step]:
    """What sets it up."""
    program = machine.program("crontab") or "crontab"
    before = _without(_crontab(program), job.name)
    if before and not before.endswith("\n"):
        raise ScheduleFailed("the crontab's last line does not end; `crontab -e` mends it")
    return [Run((program, "-"), stdin=before + _entry(job, machine))]


def removing(name: str, machine: Machine) -> list[Step]:
    """What takes it out; nothing where it isn't there."""
    program = machine.program("crontab")
    if program is None:
        return []
    before = _crontab(program)
    after = _without(before, name)
    if after == before:
        return []
    return [Run((program, "-"), stdin=after)] if after else [Run((program, "-r"))]


def _crontab(program: str) -> str:
    """The crontab as it is, "" where there is none."""
    done = ran((program, "-l"))
    if done.returncode == 0:
        return done.stdout
    if "no crontab" in done.stderr.lower():
        return ""
    raise ScheduleFailed(f"`{program} -l` ended with {done.returncode}, so that the crontab is left as it is")


def _begin(name: str) -> str:
    return f"# {MARK}: {name}"


def _end(name: str) -> str:
    return f"# End of what Stockade wrote: {name}"


def _without(text: str, name: str) -> str:
    """The crontab without our lines. Raises ScheduleFailed where they begin and don't end: what is whose, then?"""
    kept: list[str] = []
    inside = False
    for line in text.splitlines(keepends=True):
        if line.startswith(_begin(name)):
            inside = True
        if not inside:
            kept.append(line)
        if line.rstrip("\n") == _end(name):
            inside = False
    if inside:
        raise ScheduleFailed(
            f"the crontab lacks the line `{_end(name)}`, and is left as it is; mend it by `crontab -e`"
        )
    return "".join(kept)


def _entry(job: Job, machine: Machine) -> str:
    setting = [f"{name}={value}" for name, value in job.environ.items()]
    words = ["env", *setting, *job.words] if setting else list(job.words)
    # In cron a per cent sign ends the command.
    command = shlex.join(words).replace("%", "\\%")
    return f"{_begin(job.name)}; `{job.undo}` takes it out\n{_when(job.every, machine)} {command}\n{_end(job.name)}\n"


def _when(every: timedelta, machine: Machine) -> str:
    """The nearest that cron can say, at a minute of this user's own, so that not everybody asks at once."""
    seed = hashlib.sha256(f"{machine.home} {machine.uid}".encode()).digest()
    minute, hour = seed[0] % 60, seed[1] % 24
    if every < _HOUR:
        minutes = next(one for one in (30, 20, 15, 10, 5) if one * 60 <= every.total_seconds() or one == 5)
        return f"*/{minutes} * * * *"
    if every < _DAY:
        hours = next(one for one in (12, 8, 6, 4, 3, 2, 1) if one * 3600 <= every.total_seconds())
        return f"{minute} */{hours} * * *" if hours > 1 else f"{minute} * * * *"
    if every < _WEEK:
        return f"{minute} {hour} * * *"
    return f"{minute} {hour} * * {seed[2] % 7}"
