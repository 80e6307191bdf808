"""How many processes a jail may have: a control group where one can be made, else RLIMIT_NPROC.

The kernel exempts root from the latter; and outside of a user namespace it counts all that the user runs.
"""

from __future__ import annotations

import os
import resource
import time
from contextlib import suppress
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")


class Crowd:
    """One bound on processes, until it is closed."""

    def __init__(self, pid: int, most: int) -> None:
        """Bound `pid` and all that it will start; `why` says why not, or is "". `pid` must not have started any."""
        self._group: Path | None = None
        self.why = ""
        group = _group()
        if group is not None:
            try:
                group.mkdir()
                self._group = group
                (group / "pids.max").write_text(str(most))
                (group / "cgroup.procs").write_text(str(pid))
            except OSError:
                self.close()
            else:
                return
        if os.geteuid() == 0:
            self.why = "no control group can be made here, and the kernel exempts root from the other way"
            return
        try:
            _, hard = resource.prlimit(pid, resource.RLIMIT_NPROC)
            lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.prlimit(pid, resource.RLIMIT_NPROC, (lowest, lowest))
        except (OSError, ValueError) as why:
            self.why = f"the kernel refused: {why}"

    def close(self) -> None:
        """Take the group away; what was in it has ended."""
        for _ in range(1000):
            if self._group is None:
                return
            with suppress(FileNotFoundError):
                try:
                    self._group.rmdir()
                except OSError:  # the kernel is still burying somebody
                    time.sleep(0.001)
                    continue
            self._group = None


def _group() -> Path | None:
    """A new control group beside this process's own, of the version that bounds processes here."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    name = f"stockade-jail-{os.getpid()}-{os.urandom(4).hex()}"
    for line in lines:
        _, controllers, own = line.split(":", 2)
        if "pids" in controllers.split(","):
            return _ROOT / "pids" / own.lstrip("/") / name
        if not controllers:
            beside = (_ROOT / own.lstrip("/")).parent
            with suppress(OSError):
                enabled = (beside / "cgroup.subtree_control").read_text(encoding="utf-8").split()
                if beside.is_relative_to(_ROOT) and "pids" in enabled:
                    return beside / name
    return None
