"""Running an escapee from a test.

Arenas are forked from one process, which is started once and has read all that they need. It has a planted secret in
its environment and its arguments, because what is forked from it has them too: the first process of an arena, the
canary, and whoever launches the jail.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path

import pytest

from stockade.confine import landlock
from stockade.confine.kernel import Linux
from tests.jail.arena import ORDINARY, ROOT, Outcome, Spec
from tests.jail.table import SECRET, WORD, Setting, Trial, Who
from tests.support.debian import bubblewrap

_SECONDS = 60
#: Processes that the whole of one arena may have, where the kernel's groups can be used.
_MOST_PROCESSES = 160


def spec(trial: Trial, setting: Setting, who: Who, without: tuple[str, ...] = ()) -> Spec:
    """The run of one case; skips the test where this machine is not up to it."""
    if setting in {Setting.LANDLOCK, Setting.ALONE} and _abi() < landlock.SINCE[landlock.SCOPE]:
        pytest.skip(
            f"waits for a kernel with Landlock ABI {landlock.SINCE[landlock.SCOPE]}: this has {_abi()}"
        )
    return Spec(
        escapee=trial.name,
        mechanism=setting.mechanism,
        user=user(who),
        abi=setting.abi,
        namespaces=setting.namespaces,
        without=without,
        limit=trial.limit,
        ceiling=trial.ceiling,
        bubblewrap=str(bubblewrap()) if setting is Setting.BUBBLEWRAP else "",
        linked=trial.linked,
    )


def _not_here(name: str) -> None:
    """Skip the test of an escapee that has no chance here even without a jail."""
    says_no = Path("/proc/sys/dev/tty/legacy_tiocsti")
    if name == "type-into-terminal" and says_no.exists() and says_no.read_text().strip() == "0":
        pytest.skip("waits for a kernel that lets programs type into terminals (dev.tty.legacy_tiocsti)")
    if name == "setuid-program" and os.geteuid():
        pytest.skip("waits for a run as root, who can make a setuid program of root's")


def user(who: Who) -> int:
    """The user that stands for `who`; skips the test where we cannot be that one."""
    ours = os.geteuid()
    if ours and who == "root":
        pytest.skip("waits for a run as root")
    return 0 if who == "root" else ours or ORDINARY


def got_out(proof: str, outcome: Outcome) -> bool:
    """Whether what was to be got was got."""
    if proof == SECRET:
        return outcome.got
    return outcome.code == 0 if proof == WORD else proof in outcome.changed


def run(one: Spec) -> Outcome:
    """Lay out an arena, run one escapee in it, and say what it did."""
    _not_here(one.escapee)
    where = tempfile.mkdtemp(prefix="stockade-arena-")
    try:
        with _group() as group:
            order = {"spec": asdict(one), "folder": where, "group": group}
            told = _ground().ask(order | {"host_network": os.stat("/proc/self/ns/net").st_ino})
    finally:
        shutil.rmtree(where)
    if told["forbidden"]:
        pytest.skip(f"waits for a machine that lets its users make namespaces: {told['forbidden']}")
    assert not told["errors"], told["errors"]
    return Outcome(**json.loads(told["outcome"]))


class _Ground:
    """The process that arenas are forked from."""

    def __init__(self) -> None:
        secret = f"stk{secrets.token_hex(12)}"
        paths = [str(ROOT), str(ROOT / "src")]
        code = f"import sys; sys.path[:0] = {paths!r}; from tests.jail.arena.ground import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-c", code, secret],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                "PATH": os.defpath,
                "AWS_SECRET_ACCESS_KEY": secret,
                "STOCKADE_REAL_HOME": os.path.expanduser("~"),
            },
            start_new_session=True,
        )

    def ask(self, order: dict[str, object]) -> dict[str, str]:
        ins, outs = self._process.stdin, self._process.stdout
        assert ins is not None and outs is not None
        ins.write(json.dumps(order).encode() + b"\n")
        ins.flush()
        if not select.select([outs], [], [], _SECONDS)[0]:
            self._process.kill()
            _ground.cache_clear()
        answer = outs.readline()
        assert answer, "the arena took too long, or its process ended"
        told: dict[str, str] = json.loads(answer)
        return told


@cache
def _ground() -> _Ground:
    return _Ground()


@contextmanager
def _group() -> Iterator[str]:
    """A control group that bounds processes, where this machine and user can have one: its file to enter it by."""
    for above in (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup")):
        group = above / f"stockade-arena-{os.getpid()}-{secrets.token_hex(4)}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / "pids.max").write_text(str(_MOST_PROCESSES))
        except OSError:
            group.rmdir()
            continue
        try:
            yield str(group / "cgroup.procs")
        finally:
            _remove(group)
        return
    yield ""


def _remove(group: Path) -> None:
    """The kernel may still be burying the last process."""
    for _ in range(50):
        try:
            group.rmdir()
        except OSError:
            time.sleep(0.02)
        else:
            return


@cache
def _abi() -> int:
    try:
        return landlock.abi(Linux())
    except OSError:
        return 0
