"""An observer sees what processes ask of the kernel, however they end, and holds none of them up."""

from __future__ import annotations

import os
import socket
import struct
import time
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.detonate.watch.calls import Asked
from stockade.acquire.detonate.watch.memory import Asker, Memory, address_of, signed
from stockade.acquire.detonate.watch.observer import Seen
from stockade.confine import watched
from stockade.confine.bpf import ALLOW, encode
from stockade.confine.calls import MACHINES
from stockade.model.observation import Act, Stage
from tests.confine.test_bpf import run as simulated
from tests.support.watching import PYTHON, watch


def python(code: str) -> list[str]:
    return [PYTHON, "-I", "-S", "-c", code]


def did(seen: Seen, act: Act) -> list[str]:
    return [one.what for one in seen.events if one.act is act]


def test_files_that_are_read_written_moved_and_removed(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("x")
    code = f"""import os
os.chdir({str(tmp_path)!r})
open("there")
open("new", "w")
os.open("./../{tmp_path.name}/there", os.O_RDONLY)
os.rename("new", "moved")
os.mkdir("folder")
os.link("there", "other")
os.symlink("/etc/elsewhere", "pointer")
os.truncate("there", 0)
os.unlink("moved")
os.rmdir("folder")
folder = os.open(".", os.O_RDONLY)
os.open("below", os.O_CREAT | os.O_WRONLY, dir_fd=folder)
os.rename("below", "above", src_dir_fd=folder, dst_dir_fd=folder)
os.link("above", "again", src_dir_fd=folder, dst_dir_fd=folder)
os.symlink("nowhere", "blind", dir_fd=folder)
os.mkdir("deep", dir_fd=folder)
os.unlink("above", dir_fd=folder)
"""
    seen, code_ = watch(python(code))
    assert code_ == 0
    reads, writes = did(seen, Act.READ), did(seen, Act.WRITE)
    assert str(tmp_path / "there") in reads
    assert writes == [
        f"{tmp_path}/new",
        f"rename {tmp_path}/new -> {tmp_path}/moved",
        f"make {tmp_path}/folder",
        f"link {tmp_path}/there -> {tmp_path}/other",
        f"link {tmp_path}/pointer -> /etc/elsewhere",
        f"{tmp_path}/there",
        f"remove {tmp_path}/moved",
        f"remove {tmp_path}/folder",
        f"{tmp_path}/below",
        f"rename {tmp_path}/below -> {tmp_path}/above",
        f"link {tmp_path}/above -> {tmp_path}/again",
        f"link {tmp_path}/blind -> nowhere",
        f"make {tmp_path}/deep",
        f"remove {tmp_path}/above",
    ]


def test_what_is_executed_in_a_child_is_seen_with_its_words_and_its_own_process() -> None:
    code = "import subprocess; subprocess.run(['/bin/echo', 'two words', 'three'], stdout=subprocess.DEVNULL)"
    seen, _ = watch(python(code))
    (echo,) = (one for one in seen.events if one.act is Act.EXECUTE and "echo" in one.what)
    assert echo.what == "/bin/echo 'two words' three"
    (start,) = (one for one in seen.events if one.act is Act.PROCESS)
    assert echo.process not in {0, start.process}


def test_connections_and_datagrams_are_seen_with_their_addresses(tmp_path: Path) -> None:
    code = f"""import socket
inet = socket.socket()
inet.connect_ex(("127.0.0.1", 1))
six = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
six.connect_ex(("::1", 2))
unix = socket.socket(socket.AF_UNIX)
unix.connect_ex({str(tmp_path / "agent")!r})
unix.connect_ex("\\0abstract")
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.sendto(b"abc", ("127.0.0.1", 3))
udp.sendmsg([b"abc"], [], 0, ("127.0.0.1", 4))
socket.socket().bind(("127.0.0.1", 0))
left, right = socket.socketpair()
left.send(b"quiet")
left.sendmsg([b"quiet"])
"""
    seen, code_ = watch(python(code))
    assert code_ == 0
    connects = did(seen, Act.CONNECT)
    assert connects == [
        "127.0.0.1:1",
        "[::1]:2",
        f"unix:{tmp_path}/agent",
        "unix:@abstract",
        "listen at 127.0.0.1:0",
    ]
    assert did(seen, Act.SEND) == ["3 bytes to 127.0.0.1:3", "a message to 127.0.0.1:4"]


def test_a_long_sleep_is_over_at_once_and_a_short_one_is_slept() -> None:
    code = """import time, ctypes
begun = time.monotonic()
time.sleep(0.2)
assert time.monotonic() - begun >= 0.2
time.sleep(5 * 86400)
ctypes.CDLL(None).sleep(86400)
"""
    seen, code_ = watch(python(code))
    assert code_ == 0
    told = did(seen, Act.PROCESS)
    assert told == ["sleeps for 432000 s, which is cut short", "sleeps for 86400 s, which is cut short"]


def test_nothing_counts_until_the_command_that_opens_the_stage() -> None:
    then = ["python", "-S", "-c", "open('/etc/hosts')", "NOW"]
    code = f"import os; open('/etc/hostname'); os.execv({PYTHON!r}, {then})"
    seen, _ = watch(python(code), opens="NOW")
    assert "/etc/hosts" in did(seen, Act.READ)
    assert "/etc/hostname" not in did(seen, Act.READ)


def test_what_every_interpreter_reads_is_left_out() -> None:
    dull = Seen(Stage.IMPORT, time.monotonic(), dull=("/usr/", "/lib", os.path.dirname(os.__file__)))
    watch(python("import json; open('/usr/nothing', 'w') if 0 else open('/etc/hosts')"), dull)
    reads = did(dull, Act.READ)
    assert "/etc/hosts" in reads
    assert not [one for one in reads if one.startswith("/usr/")]


def test_a_flood_of_one_kind_hides_no_other_and_is_said() -> None:
    code = """import os
for number in range(3000):
    try: open(f"/nowhere/{number}")
    except OSError: pass
open("/dev/null", "w")
"""
    seen, _ = watch(python(code))
    assert len(did(seen, Act.READ)) == limits.MAX_EVENTS_OF_KIND
    assert did(seen, Act.WRITE) == ["/dev/null"]
    (gap,) = seen.gaps
    assert gap.what == "import: read"
    assert gap.why.endswith("more events of this kind were not written down")


def test_processes_that_are_killed_at_their_calls_leave_the_observer_going() -> None:
    code = """import os, signal, time
for _ in range(200):
    pid = os.fork()
    if pid == 0:
        while True:
            os.close(os.open("/etc/hosts", os.O_RDONLY))
    time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
open("/dev/null", "w")
"""
    seen, code_ = watch(python(code))
    assert code_ == 0
    assert "/dev/null" in did(seen, Act.WRITE)


def test_many_threads_and_an_import_of_much_are_let_through() -> None:
    code = """import threading, os
def look():
    for _ in range(300):
        os.close(os.open("/etc/hosts", os.O_RDONLY))
threads = [threading.Thread(target=look) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
"""
    seen, code_ = watch(python(code))
    assert code_ == 0
    assert did(seen, Act.READ).count("/etc/hosts") == 1  # one process, once


def test_arguments_that_point_nowhere_are_as_empty(tmp_path: Path) -> None:
    code = """import ctypes
libc = ctypes.CDLL(None)
libc.open(ctypes.c_void_p(8), 0)
libc.openat(-5, b"relative", 0)
libc.execve(b"/bin/nothing", ctypes.c_void_p(8), None)
libc.connect(0, ctypes.c_void_p(8), 16)
libc.connect(0, None, 0)
libc.sendmsg(0, ctypes.c_void_p(8), 0)
libc.nanosleep(ctypes.c_void_p(8), None)
libc.clock_nanosleep(2, 1, ctypes.c_void_p(8), None)
"""
    seen, code_ = watch(python(code))
    assert code_ == 0
    assert "?/relative" in did(seen, Act.READ)
    assert "/bin/nothing" in did(seen, Act.EXECUTE)
    assert did(seen, Act.CONNECT) == []


def test_a_text_longer_than_a_page_is_read_over_its_end() -> None:
    class Flat(Memory):
        def some(self, thread: int, address: int, size: int) -> bytes:
            size = min(size, 4096 - address % 4096)
            return (b"a" * 6000 + b"\0rest")[address : address + size]

    assert Flat().text(0, 0, 10_000) == "a" * 6000
    assert Flat().text(0, 0, 5000) == "a" * 5000
    assert Flat().bytes_at(0, 5998, 4) == b"aa\0r"


def test_the_own_memory_can_be_read_and_a_gone_process_has_none() -> None:
    who = Asker(2**22 - 1, Memory())
    assert who.process() == 0
    assert who.text(4096) == ""
    assert who.path(-100, 4096).startswith("?")


@pytest.mark.parametrize(
    ("packed", "told"),
    [
        (b"", ""),
        (struct.pack("<H", socket.AF_INET) + b"\0", ""),
        (struct.pack("<H", socket.AF_NETLINK) + bytes(10), ""),
        (struct.pack("<H", socket.AF_UNIX) + b"/run/agent\0rubbish", "unix:/run/agent"),
    ],
)
def test_addresses(packed: bytes, told: str) -> None:
    assert address_of(packed) == told


def test_an_argument_is_an_int_of_32_bits() -> None:
    assert signed(0xFFFFFF9C) == -100
    assert signed(0xFFFFFFFF_FFFFFF9C) == -100
    assert signed(7) == 7


def test_the_same_event_of_one_process_is_kept_once() -> None:
    seen = Seen(Stage.BUILD, time.monotonic())
    for process in (1, 1, 2):
        seen.add(Asked(Act.READ, "/etc/hosts"), process)
    assert [one.process for one in seen.events] == [1, 2]


@pytest.mark.parametrize("machine", sorted(MACHINES))
def test_the_filter_announces_on_both_architectures_and_refuses_nothing(machine: str) -> None:
    table, calls = MACHINES[machine], watched.CALLS[MACHINES[machine].audit]
    code = encode(watched.program(table.audit, calls))

    def verdict(number: int, *arguments: int, arch: int = table.audit) -> int:
        return simulated(code, number, arguments, arch)

    for name, number in calls.items():
        if name == "sendto":
            assert verdict(number, 3, 1, 1, 0, 0) == ALLOW
            assert verdict(number, 3, 1, 1, 0, 0x7F00_0000_0000) == watched.ANNOUNCE
            assert verdict(number, 3, 1, 1, 0, 0x1000) == watched.ANNOUNCE
        elif name == "clone":
            assert verdict(number, 0x10000 | 0x100) == ALLOW
            assert verdict(number, 17) == watched.ANNOUNCE
        else:
            assert verdict(number) == watched.ANNOUNCE
    assert verdict(table.numbers["read"]) == ALLOW
    assert verdict(10_000) == ALLOW
    assert verdict(calls["openat"], arch=1) == ALLOW
