"""Commands behind walls, for real: what they reach, how they end, and what is left of them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from stockade.acquire.jail import bubblewrap as bubblewrap_arguments
from stockade.acquire.jail.launch import DEVNULL, Mechanism, available, launch
from stockade.acquire.jail.plan import Ceilings, Kind, Listener, Mount, Network
from stockade.confine import Wall
from stockade.errors import JailFailed, JailUnsupported
from tests.support.jails import alive, descriptors, jailed, plan, shown, writable

PYTHON = "/usr/bin/python3"
_CONNECT = """
import socket
with socket.create_connection(("{host}", 8080), timeout=20) as one:
    one.sendall(b"from inside")
    print(one.recv(20).decode())
"""

needs_python = pytest.mark.skipif(not Path(PYTHON).exists(), reason="waits for the system's own Python")


def test_what_the_plan_names_is_there_and_nothing_else(mechanism: str, tmp_path: Path) -> None:
    for name in ("mine", "read", "secret"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(f"{name} text\n")
    around = plan(writable(tmp_path / "mine"), shown(tmp_path / "read"), folder=tmp_path / "mine")
    told = jailed(
        mechanism,
        around,
        *("sh", "-c", 'pwd; cat file "$0/read/file"; echo new >> file; echo no >> "$0/read/file"'),
        str(tmp_path),
    )
    assert f"{tmp_path}/mine\nmine text\nread text\n" in told.said
    assert told.code != 0
    assert (tmp_path / "mine/file").read_text() == "mine text\nnew\n"
    assert (tmp_path / "read/file").read_text() == "read text\n"
    assert jailed(mechanism, around, "cat", f"{tmp_path}/secret/file").code == 1
    assert all(wall.up for wall in told.walls)


def test_what_is_hidden_in_something_shown_is_not_there(mechanism: str, tmp_path: Path) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    for name in (".env", "open", "deep/er/key", "deep/plain"):
        (tmp_path / name).write_text("words\n")
    hidden = [Mount(kind=Kind.HIDDEN, target=tmp_path / name) for name in (".env", "deep/er")]
    around = plan(shown(tmp_path), *hidden)
    for name, there in ((".env", False), ("deep/er/key", False), ("open", True), ("deep/plain", True)):
        told = jailed(mechanism, around, "cat", str(tmp_path / name))
        assert ("words" in told.said) == there, (name, told)


def test_a_folder_in_what_is_written_is_only_read(mechanism: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "made").mkdir()
    around = plan(writable(tmp_path), shown(tmp_path / ".git"))
    script = 'echo a > "$0/made/b"; echo a > "$0/new"; mv "$0/.git" "$0/moved"; echo a > "$0/.git/b"'
    told = jailed(mechanism, around, "sh", "-c", script, str(tmp_path))
    assert told.code != 0
    assert sorted(os.listdir(tmp_path)) == [".git", "made", "new"]
    assert (tmp_path / "made/b").exists() and not (tmp_path / ".git/b").exists()


def test_an_empty_folder_is_its_own_and_gone_afterwards(mechanism: str, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.netrc").write_text("secret")
    home = tmp_path / "home"
    around = plan(Mount(kind=Kind.EMPTY, target=home), environment={"HOME": str(home), "D": f"{home}/d"})
    told = jailed(mechanism, around, "sh", "-c", 'cd; ls -A; mkdir "$D"; echo here > "$D/x"; cat "$HOME/d/x"')
    assert (told.code, told.said) == (0, "here\n")
    assert os.listdir(home) == [".netrc"]
    assert not list(Path(tempfile.gettempdir()).glob("stockade-jail-*/d"))


@needs_python
def test_the_only_way_out_is_a_listener_that_lives_outside(mechanism: str) -> None:
    around = plan(listeners=[Listener(address="127.0.0.1", port=8080)])
    with tempfile.TemporaryFile() as said:
        command = (PYTHON, "-c", _CONNECT.format(host="127.0.0.1"))
        with launch(around, command, stdin=DEVNULL, stdout=said, mechanism=mechanism) as inmate:
            (listener,) = inmate.sockets
            with listener.accept()[0] as one:
                assert one.recv(20) == b"from inside"
                one.sendall(b"from outside")
            assert inmate.wait(60) == 0
        said.seek(0)
        assert said.read() == b"from outside\n"


@needs_python
def test_nobody_else_of_this_machine_is_reached(mechanism: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        command = (PYTHON, "-c", f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)")
        assert "refused" in jailed(mechanism, plan(), *command).said
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()
        assert jailed(mechanism, plan(network=Network.HOST), *command).code == 0


@needs_python
def test_every_address_can_be_the_jails_own(mechanism: str) -> None:
    around = plan(listeners=[Listener(address="0.0.0.0", port=8080)], everywhere=True)
    command = (PYTHON, "-c", _CONNECT.format(host="192.0.2.77"))
    with (
        launch(around, command, stdin=DEVNULL, stdout=DEVNULL, mechanism=mechanism) as inmate,
        inmate.sockets[0].accept()[0] as one,
    ):
        assert one.getsockname() == ("192.0.2.77", 8080)
        one.sendall(b"x")
        assert inmate.wait(60) == 0


@pytest.mark.parametrize(
    ("script", "code"), [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143), ("kill -SEGV $$", 139)]
)
def test_the_exit_code_is_the_commands(mechanism: str, script: str, code: int) -> None:
    assert jailed(mechanism, plan(), "sh", "-c", script).code == code


def test_a_signal_gets_to_the_command_itself(mechanism: str) -> None:
    with tempfile.TemporaryFile() as said:
        script = "trap 'echo told; exit 9' USR1; echo ready; while :; do sleep 0.05; done"
        with launch(plan(), ("sh", "-c", script), stdin=DEVNULL, stdout=said, mechanism=mechanism) as inmate:
            _until(lambda: os.fstat(said.fileno()).st_size > 0)
            inmate.signal(signal.SIGUSR1)
            assert inmate.wait(60) == 9
            inmate.signal(signal.SIGUSR1)  # too late, and no matter


def test_no_process_is_left_when_it_is_killed(mechanism: str, tmp_path: Path) -> None:
    mark = f"{os.getpid()}.{time.monotonic_ns() % 1000000}"
    script = f"setsid sleep 9{mark} & (sleep 9{mark} &) ; sleep 9{mark}"
    with launch(plan(), ("sh", "-c", script), stdin=DEVNULL, mechanism=mechanism) as inmate:
        _until(lambda: len(_running(f"9{mark}")) == 3)
        with pytest.raises(TimeoutError):
            inmate.wait(0.01)
        inmate.kill()
        assert inmate.wait(60) == 137
    _until(lambda: not _running(f"9{mark}"))
    assert not alive(inmate.pid)


def test_what_it_leaves_behind_ends_with_it(mechanism: str) -> None:
    mark = f"8{os.getpid()}.{time.monotonic_ns() % 1000000}"
    assert jailed(mechanism, plan(), "sh", "-c", f"setsid sleep {mark} & exit 3").code == 3
    _until(lambda: not _running(mark))


def test_it_has_a_time_and_is_ended_after_it(mechanism: str) -> None:
    around = plan(ceilings=Ceilings(seconds=0.2))
    with launch(around, ("sleep", "60"), stdin=DEVNULL, mechanism=mechanism) as inmate:
        assert inmate.wait() == 137 and inmate.overdue
        assert inmate.wait() == 137


@needs_python
def test_ceilings_hold(mechanism: str, tmp_path: Path) -> None:
    ceilings = Ceilings(processes=20, memory=200 << 20, file_size=1 << 20, open_files=32, cpu=50)
    around = plan(writable(tmp_path), ceilings=ceilings, folder=tmp_path)
    program = """
import os, resource, sys
forked = 0
try:
    while forked < 64:
        if os.fork() == 0:
            sys.stdin.read()
            import time; time.sleep(1); os._exit(0)
        forked += 1
except OSError:
    pass
print("forked", forked)
try:
    bytearray(300 << 20)
except MemoryError:
    print("no memory")
try:
    with open("big", "wb") as file:
        file.truncate(2 << 20)
except OSError:
    print("too big")
try:
    kept = [os.open("/usr", os.O_RDONLY) for _ in range(40)]
except OSError:
    print("too many")
print(resource.getrlimit(resource.RLIMIT_CPU)[0], resource.getrlimit(resource.RLIMIT_CORE)[0])
"""
    told = jailed(mechanism, around, PYTHON, "-c", program)
    first, *others = told.said.splitlines()
    assert 10 <= int(first.split()[1]) < 20, told
    assert others == ["no memory", "too big", "too many", "50 0"], told


def test_processes_outside_are_not_told(mechanism: str) -> None:
    told = jailed(mechanism, plan(), "sh", "-c", "ls /proc | grep -c '^[0-9]'; cat /proc/self/comm")
    count, name = told.said.split()
    assert int(count) < 8 and name == "cat"


def test_no_descriptor_but_three_gets_in(mechanism: str, tmp_path: Path) -> None:
    door = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(door, True)
    try:
        told = jailed(mechanism, plan(), "sh", "-c", f"ls /proc/self/fd/{door}/ || ls /dev/fd/{door}/")
    finally:
        os.close(door)
    assert told.code != 0


def test_nothing_stays_open(mechanism: str) -> None:
    jailed(mechanism, plan(listeners=[Listener(address="127.0.0.1", port=8080)]), "true")
    before = descriptors()
    for _ in range(3):
        jailed(
            mechanism,
            plan(listeners=[Listener(address="127.0.0.1", port=8080)], ceilings=Ceilings(processes=9)),
            "true",
        )
    assert descriptors() == before


def test_streams_are_handed_in(mechanism: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("words\n")
    with (
        (tmp_path / "in").open() as given,
        (tmp_path / "out").open("wb") as out,
        launch(plan(), ("sh", "-c", "cat; echo e >&2"), stdin=given, stdout=out, stderr=DEVNULL) as inmate,
    ):
        assert inmate.wait(60) == 0
    assert (tmp_path / "out").read_text() == "words\n"


def test_who_starts_it_has_the_last_word_before_it_begins(mechanism: str, tmp_path: Path) -> None:
    seen: list[Wall] = []

    def no(walls: tuple[Wall, ...]) -> None:
        seen.extend(walls)
        time.sleep(0.5)  # long enough for a command that does not wait
        raise JailFailed("not with these")

    before = descriptors()
    with pytest.raises(JailFailed, match="not with these"):
        launch(
            plan(writable(tmp_path)),
            ("touch", f"{tmp_path}/begun"),
            mechanism=mechanism,
            stdin=DEVNULL,
            consent=no,
        )
    assert seen and not (tmp_path / "begun").exists()
    assert descriptors() == before


@pytest.mark.parametrize("threaded", [False, True])
def test_it_ends_with_whoever_started_it(mechanism: str, threaded: bool) -> None:
    """Killed without a word, the caller takes everything along."""
    mark = f"7{os.getpid()}.{time.monotonic_ns() % 1000000}"
    program = f"""
import time
from tests.support.jails import plan
from stockade.acquire.jail.launch import launch, DEVNULL
launch(plan(), ("sh", "-c", "sleep {mark} & sleep {mark}"), stdin=DEVNULL, mechanism={mechanism!r})
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program]) as caller:
        _until(lambda: len(_running(mark)) == 2)
        caller.kill()
    _until(lambda: not _running(mark))


def test_a_listener_that_cannot_be_made_is_told(mechanism: str) -> None:
    before = descriptors()
    with pytest.raises(JailFailed, match="assign requested address"):
        launch(
            plan(listeners=[Listener(address="192.0.2.1", port=1)]),
            ("true",),
            mechanism=mechanism,
            stdin=DEVNULL,
        )
    assert descriptors() == before


def test_bubblewrap_that_fails_is_not_taken_for_the_command(bwrap: str, tmp_path: Path) -> None:
    with pytest.raises(JailFailed, match="could not build the jail"):
        jailed("bubblewrap", plan(shown(tmp_path / "nothing")), "true")


def test_without_bubblewrap_nothing_is_shown_elsewhere(tmp_path: Path) -> None:
    moved = Mount(kind=Kind.READ, source=tmp_path, target=Path("/elsewhere"))
    with pytest.raises(JailFailed, match="cannot be shown as /elsewhere"):
        jailed("landlock", plan(moved), "true")


def test_a_command_that_is_not_there_ends_as_in_a_shell() -> None:
    told = jailed("landlock", plan(), "no-such-command")
    assert (told.code, "No such file" in told.said) == (127, True)
    assert jailed("landlock", plan(), "/etc/passwd").code == 126


def test_the_mechanism_is_bubblewrap_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert available(None, {"STOCKADE_BWRAP": "/some/bwrap"}) == (Mechanism.BUBBLEWRAP, "/some/bwrap")
    assert available("landlock", {"STOCKADE_BWRAP": "/some/bwrap"}) == (Mechanism.LANDLOCK, "")
    monkeypatch.setattr(bubblewrap_arguments, "FOLDERS", ())
    assert available(None, {}) == (Mechanism.LANDLOCK, "")
    with pytest.raises(JailUnsupported, match="not installed"):
        available("bubblewrap", {})
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(JailUnsupported, match="this is darwin"):
        available(None, {})


def _running(argument: str) -> list[int]:
    """Processes of `sleep` with this argument."""
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdecimal():
            try:
                words = (one / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[:2] == [b"sleep", argument.encode()]:
                found.append(int(one.name))
    return found


def _until(true: object) -> None:
    """Wait for something that will be so."""
    assert callable(true)
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to be")


_NO_NAMESPACES = """
from stockade.acquire.jail.launch import launch, DEVNULL
from stockade.acquire.jail.plan import Listener
from stockade.confine import jailing, namespaces
from stockade.confine.jailing import Sockets
from stockade.confine.kernel import Linux
from stockade.errors import JailFailed
from tests.support.jails import jailed, plan
namespaces.no_new_privileges(Linux())
jailing.install(Linux(), jailing.program(Linux(), Sockets()))
told = jailed("landlock", plan(), "sh", "-c", "setsid sleep {mark} & sleep {mark} & exit 3")
print(told.code, sorted(wall.name for wall in told.walls if not wall.up))
connect = "import socket; socket.socket()"
print(jailed("landlock", plan(), "/usr/bin/python3", "-c", connect).said.splitlines()[-1])
print(jailed("landlock", plan(), "cat", "/proc/1/environ").code)
try:
    launch(plan(listeners=[Listener(address="127.0.0.1", port=1)]), ("true",), stdin=DEVNULL, mechanism="landlock")
except JailFailed as why:
    print(why)
"""


@needs_python
def test_where_namespaces_are_forbidden_the_rest_holds_and_what_does_not_is_told() -> None:
    """The filter of a jail stands for a kernel that forbids them."""
    mark = f"6{os.getpid()}.{time.monotonic_ns() % 1000000}"
    done = subprocess.run(
        [sys.executable, "-c", _NO_NAMESPACES.replace("{mark}", mark)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    ended, network, others, listener = done.stdout.splitlines()
    assert ended == "3 ['shared-memory', 'survivors']"
    assert network.startswith("PermissionError")
    assert others == "1"
    assert "no network of its own can be made here" in listener
    _until(lambda: not _running(mark))
