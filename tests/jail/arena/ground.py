"""Arenas, each in a fork of this process: ``main()`` reads orders and writes outcomes (tests/jail/running.py)."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import resource
import shutil
import signal
import stat
import sys
import termios
import time
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from tests.jail.arena import ROOT, Spec, host, jailing, system
from tests.jail.escapees.facts import Facts

_MIB = 1 << 20
_BOUNDS = (
    (resource.RLIMIT_CPU, 25),
    (resource.RLIMIT_FSIZE, 16 * _MIB),
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_NOFILE, 512),
    (resource.RLIMIT_DATA, 1024 * _MIB),
)
_VARIABLE, _KEY, _SEGMENT = "AWS_SECRET_ACCESS_KEY", "stockade-escapees", 0x57CADE
_SPACES = (
    system.NEW_MOUNTS | system.NEW_NETWORK | system.NEW_PROCESSES | system.NEW_IPC | system.NEW_HOST_NAME
)
_SECONDS, _ALARM = 20, 40
_FORBIDDEN = "forbidden: "
_FIRST_FREE = 40  #: the descriptor that is left open for the jail to inherit


def main() -> None:
    """An arena for each line of standard input, and a line of standard output on what became of it."""
    secret = sys.argv[1]
    for line in sys.stdin.buffer:
        outcome, errors = os.memfd_create("outcome"), os.memfd_create("errors")
        pid = os.fork()
        if not pid:
            os.dup2(outcome, 1)
            os.dup2(errors, 2)
            _ending(partial(_leave_the_host, {**json.loads(line), "secret": secret}))
        os.waitpid(pid, 0)
        told = {"outcome": _read(outcome), "errors": _read(errors), "forbidden": ""}
        if told["errors"].startswith(_FORBIDDEN):
            told["forbidden"] = told["errors"]
        print(json.dumps(told), flush=True)


def _read(descriptor: int) -> str:
    with open(descriptor, "rb") as opened:
        opened.seek(0)
        return opened.read().decode("utf-8", "replace")


def _ending(work: Callable[[], object]) -> NoReturn:
    """What a fork does, and its end."""
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _leave_the_host(order: Mapping[str, Any]) -> None:
    """Leave every namespace of the host, then let the first process of the new ones do the rest."""
    # 1. Bounds around everything that follows.
    signal.alarm(_ALARM)
    if order["group"]:
        Path(order["group"]).write_text(str(os.getpid()))
    for which, most in _BOUNDS:
        resource.setrlimit(which, (most, most))
    # 2. Namespaces; as an ordinary user by way of one of users, which gives the privilege for the rest.
    user, group = os.geteuid(), os.getegid()
    try:
        system.unshare(_SPACES | (system.NEW_USER if user else 0))
    except PermissionError as why:
        sys.stderr.write(f"{_FORBIDDEN}{why}")
        return
    if user:
        lines = (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1"))
        for name, text in lines:
            Path(f"/proc/self/{name}").write_text(text)
    # 3. Nothing goes on in the host's network.
    assert os.stat("/proc/self/ns/net").st_ino != order["host_network"]
    first = os.fork()
    if not first:
        system.die_with_parent()
        _ending(partial(_first_process, order, Spec(**order["spec"])))
    os.waitpid(first, 0)


def _first_process(order: Mapping[str, Any], spec: Spec) -> None:
    folder, secret = Path(order["folder"]), str(order["secret"])
    system.private_mounts()
    system.mount("proc", "/proc")
    system.mount("tmpfs", str(folder), "size=64m,mode=755")
    _empty_homes(folder)
    system.loopback(host.METADATA)
    os.umask(0o022)
    if os.geteuid() == 0:
        os.chown(folder, spec.user, spec.user)
    _plant(folder, spec.user, secret)
    system.plant_segment(_SEGMENT, secret)
    doors = host.open_doors(folder, spec.user)
    hidden = host.hide(secret)
    notes_in, notes_out = os.pipe()
    # A number that nobody has in a jail with processes of its own: who finds it there has found ours.
    Path("/proc/sys/kernel/ns_last_pid").write_text("5000")
    canary = os.fork()
    if not canary:
        system.become(spec.user)
        host.live(doors, secret, notes_out)
    os.close(notes_out)
    for one in (*doors.listening, *doors.asked):
        one.close()
    assert os.read(notes_in, 100) == b"ready\n"
    facts = _facts(order, spec, folder, canary, hidden, doors)
    os.close(hidden.descriptor)
    before = _seen(folder)
    terminal, inner = pty.openpty()
    result = _launched(spec, facts, folder, secret, inner)
    if spec.escapee == "outlive-the-jail":
        time.sleep(1.2)
    result["changed"] = _changes(before, _seen(folder)) + _noted(notes_in) + _typed(inner)
    if (folder / "project" / "outlived").exists():
        result["changed"].append("outlived")
    result["got"] = secret in result["said"]
    os.close(terminal)
    print(json.dumps(result))


def _empty_homes(folder: Path) -> None:
    """Nobody's real home is in the arena: only what the launcher itself is made of is still there, for all to read."""
    needed = sorted({Path(one).resolve() for one in (sys.base_prefix, sys.prefix, ROOT)})
    for home in {Path("/root"), Path("/home"), Path(os.environ["STOCKADE_REAL_HOME"])}:
        if not home.is_dir() or home == Path("/"):
            continue
        kept = [one for one in needed if one.is_relative_to(home)]
        staged = [folder / f"staged-{number}" for number in range(len(kept))]
        for source, stage in zip(kept, staged, strict=True):
            stage.mkdir()
            system.bind(str(source), str(stage))
        system.mount("tmpfs", str(home), "size=1m,mode=755")
        for target, stage in zip(kept, staged, strict=True):
            target.mkdir(parents=True, exist_ok=True)
            system.bind(str(stage), str(target))
            system.unmount(str(stage))
            stage.rmdir()


def _plant(folder: Path, owner: int, secret: str) -> None:
    """A home with secrets, a project that the jail may write to, a folder that it may read."""
    files = {
        "home/.aws/credentials": f"[default]\naws_secret_access_key = {secret}\n",
        "home/.bashrc": "# nothing\n",
        "home/.history": "ls\n" * 9,
        "home/.ssh/config": f"# {secret}\n",
        "project/plan.txt": "nothing\n",
        "project/kept/.env": f"TOKEN={secret}\n",
        "readable/module.py": "# nothing\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "project" / "cache").mkdir()
    (folder / "project" / "beside").symlink_to(folder / "home")
    code = folder / "code"
    shutil.copytree(
        ROOT / "tests/jail/escapees",
        code / "tests/jail/escapees",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for package in ("tests/__init__.py", "tests/jail/__init__.py"):
        (code / package).touch()
    (code / "__main__.py").write_text(
        "import sys\nfrom tests.jail.escapees.run import main\nsys.exit(main(sys.argv[1:]))\n"
    )
    if os.geteuid() == 0:
        for path in (folder / "home", folder / "project", folder / "readable"):
            for one in (path, *path.rglob("*")):
                os.chown(one, owner, owner, follow_symlinks=False)
        private = folder / "project" / "private"
        private.write_text(f"{secret}\n")
        private.chmod(0o600)
        os.chown(private, 1, 1)
        suid = shutil.copy("/bin/cat", folder / "project" / "cat")
        os.chmod(suid, 0o4755)


def _facts(
    order: Mapping[str, Any], spec: Spec, folder: Path, canary: int, hidden: host.Secrets, doors: host.Doors
) -> Facts:
    return Facts(
        host_network=order["host_network"],
        home=str(folder / "home"),
        project=str(folder / "project"),
        hidden=str(folder / "project/kept/.env"),
        readable=str(folder / "readable"),
        private=str(folder / "project/private"),
        suid=str(folder / "project/cat"),
        canary=canary,
        canary_memory=hidden.address,
        canary_descriptor=hidden.descriptor,
        port=doors.port,
        metadata=host.METADATA,
        resolver=host.RESOLVER,
        abstract=host.ABSTRACT,
        sockets=doors.agents,
        descriptor=_FIRST_FREE,
        variable=_VARIABLE,
        key=_KEY,
        segment=_SEGMENT,
        handle=system.handle_of(str(folder / "home/.aws/credentials")),
        user=spec.user,
        limit=spec.limit,
    )


def _launched(spec: Spec, facts: Facts, folder: Path, secret: str, inner: int) -> dict[str, Any]:
    """Launch the jail as its user would: from a shell's session, with the terminal as standard input."""
    started = time.monotonic()
    launcher = os.fork()
    if not launcher:
        _ending(partial(_launch, spec, facts, folder, secret, inner))
    until = time.monotonic() + _SECONDS
    while not os.waitpid(launcher, os.WNOHANG)[0]:
        if time.monotonic() > until:
            os.kill(launcher, signal.SIGKILL)
            os.waitpid(launcher, 0)
            break
        time.sleep(0.003)
    told = folder / "told"
    text = told.read_text() if told.exists() else ""
    result: dict[str, Any] = json.loads(text) if text else {"code": None}
    result["said"] = (folder / "said").read_bytes().decode("utf-8", "replace")
    result["errors"] = (folder / "errors").read_bytes().decode("utf-8", "replace")
    result["seconds"] = round(time.monotonic() - started, 3)
    return result


def _launch(spec: Spec, facts: Facts, folder: Path, secret: str, inner: int) -> None:
    with (folder / "said").open("wb") as said, (folder / "errors").open("wb") as errors:
        os.setsid()
        fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
        left_open = os.memfd_create("inherited", 0)
        os.write(left_open, secret.encode())
        os.dup2(left_open, _FIRST_FREE, inheritable=True)
        told = os.open(folder / "told", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC)
        if os.geteuid() == 0:
            os.fchown(inner, spec.user, -1)
        system.become(spec.user)
        system.plant_key(_KEY, secret)
        os.environ |= {"HOME": facts.home, "STOCKADE_BWRAP": spec.bubblewrap}
        result = jailing.jailed(spec, facts, folder, (inner, said.fileno(), errors.fileno()))
        os.write(told, json.dumps(result).encode())


def _seen(folder: Path) -> dict[str, str]:
    """What lies outside, in all that can be changed about it."""
    seen = {"host-name": os.uname().nodename}
    for name in ("home", "readable"):
        for path in sorted((folder / name, *(folder / name).rglob("*"))):
            try:
                about = path.lstat()
            except FileNotFoundError:
                continue
            text = path.read_text() if stat.S_ISREG(about.st_mode) else ""
            seen[str(path.relative_to(folder))] = f"{about.st_mode} {about.st_uid} {text}"
    seen["ttl"] = Path("/proc/sys/net/ipv4/ip_default_ttl").read_text()
    return seen


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def _noted(notes: int) -> list[str]:
    """What the canary noted."""
    os.set_blocking(notes, False)
    time.sleep(0.02)
    try:
        return sorted(set(os.read(notes, 9999).decode().split()))
    except BlockingIOError:
        return []


def _typed(inner: int) -> list[str]:
    """Whether something lies in the terminal's queue that nobody typed."""
    waiting = int.from_bytes(fcntl.ioctl(inner, termios.FIONREAD, bytes(4)), sys.byteorder)
    return ["typed"] if waiting else []
