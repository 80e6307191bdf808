"""Each wall against what it is there for, and the mutant that lacks it.

Every probe is harmless if all walls fail: it touches files, sockets and processes of the test alone. A row
names the walls that stop a probe *each by itself*. For every one of them the others are taken away and the
probe must still be stopped; with all of them gone it must get through, or the row proves nothing.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from stockade.confine import WALLS, missing
from tests.workers.probing import (
    DONE,
    LIBC,
    NOBODY,
    as_user,
    become,
    behind,
    profile,
    users,
    walls_behind,
    without,
)

FILES, NETWORK, SCOPE = "landlock-files", "landlock-network", "landlock-scope"


@dataclass
class World:
    """What a probe may touch: made by the test, open to an ordinary user."""

    canary: Path
    written: int
    port: int
    abstract: str
    bystander: int
    tcp: socket.socket | None = None
    unix: socket.socket | None = None


def bystander(user: int) -> int:
    """A process of `user` that may be signalled, or not."""
    pid = os.fork()
    if not pid:
        become(user)
        signal.pause()
        os._exit(0)
    return pid


@pytest.fixture(scope="module")
def worlds() -> Iterator[dict[int, World]]:
    """One for each user."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listener:
        os.chmod(folder, 0o755)
        canary = Path(folder, "canary")
        canary.write_text("sings")
        canary.chmod(0o666)
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        with socket.socket(socket.AF_UNIX) as hub:
            name = f"\0stockade-test-{os.getpid()}"
            hub.bind(name)
            hub.listen(64)
            written = os.open(canary, os.O_WRONLY | os.O_APPEND)
            port = listener.getsockname()[1]
            made = {user: World(canary, written, port, name, bystander(user)) for user in users()}
            try:
                yield made
            finally:
                os.close(written)
                for world in made.values():
                    os.kill(world.bystander, signal.SIGKILL)
                    os.waitpid(world.bystander, 0)


def checked(result: int) -> str:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return DONE


def read_file(world: World) -> str:
    return DONE if world.canary.read_text().startswith("sings") else "empty"


def write_file(world: World) -> str:
    with world.canary.open("a") as file:
        file.write("!")
    return DONE


def list_folder(world: World) -> str:
    return DONE if os.listdir(world.canary.parent) else "empty"


def make_file(world: World) -> str:
    handle, path = tempfile.mkstemp(dir="/tmp")
    os.close(handle)
    os.unlink(path)
    return DONE


def write_open_file(world: World) -> str:
    return DONE if os.write(world.written, b"!") else "nothing"


def parents_environment(world: World) -> str:
    Path(f"/proc/{os.getppid()}/environ").read_bytes()
    return DONE


def connect_tcp(world: World) -> str:
    assert world.tcp
    world.tcp.connect(("127.0.0.1", world.port))
    return DONE


def connect_abstract(world: World) -> str:
    assert world.unix
    world.unix.connect(world.abstract)
    return DONE


def make_socket(world: World) -> str:
    socket.socket().close()
    return DONE


def make_udp_socket(world: World) -> str:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    return DONE


def signal_bystander(world: World) -> str:
    os.kill(world.bystander, 0)
    return DONE


def signal_parent(world: World) -> str:
    os.kill(os.getppid(), 0)
    return DONE


def run_program(world: World) -> str:
    os.execv("/bin/true", ["true"])


def fork(world: World) -> str:
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
    return DONE


def be_traced(world: World) -> str:
    return checked(LIBC.ptrace(0, 0, None, None))


def unshare_files(world: World) -> str:
    return checked(LIBC.unshare(0x400))


def unshare_hostname(world: World) -> str:
    return checked(LIBC.unshare(0x04000000))


def change_root(world: World) -> str:
    os.chroot("/")
    return DONE


def fill_memfd(world: World) -> str:
    handle = os.memfd_create("bomb")
    os.write(handle, bytes(1 << 20))
    os.close(handle)
    return DONE


def share_memory(world: World) -> str:
    with mmap.mmap(-1, 1 << 20) as shared:
        shared[0] = 1
    return DONE


def grow_a_stack(world: World) -> str:
    mmap.mmap(-1, 1 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x0100).close()
    return DONE


def make_code(world: World) -> str:
    mmap.mmap(
        -1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ | mmap.PROT_EXEC
    ).close()
    return DONE


def turn_into_code(world: World) -> str:
    with mmap.mmap(-1, 4096, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS) as page:
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        LIBC.mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        text = checked(LIBC.mprotect(address, 4096, mmap.PROT_READ | mmap.PROT_EXEC))
        os._exit(0) if text == DONE else None
    return text


def much_memory(world: World) -> str:
    # Asked for and not touched: to fill it would cost a second of processor time on a busy machine, another wall.
    mmap.mmap(-1, 300 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    return DONE


def many_addresses(world: World) -> str:
    mmap.mmap(-1, 17 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ).close()
    return DONE


def wait_with_inheritance(world: World) -> str:
    word = ctypes.c_uint32(0)
    return checked(LIBC.syscall(FUTEX[MACHINE], ctypes.byref(word), 6 | 128, 0, None, None, 0))


def spin(world: World) -> str:
    while time.process_time() < 1.3:
        pass
    return DONE


def dumpable(world: World) -> str:
    return DONE if LIBC.prctl(3, 0, 0, 0, 0) == 1 else "refused: not dumpable"


def core_dumps(world: World) -> str:
    return DONE if resource.getrlimit(resource.RLIMIT_CORE)[1] else "refused: no core"


MACHINE = os.uname().machine
FUTEX = {"x86_64": 202, "aarch64": 98}
Row = tuple[Callable[[World], str], set[str]]
ROWS: list[Row] = [
    (read_file, {FILES, "seccomp", "open-files"}),
    (write_file, {FILES, "seccomp", "open-files", "file-size"}),
    (list_folder, {FILES, "seccomp", "open-files"}),
    (make_file, {FILES, "seccomp", "open-files"}),
    (write_open_file, {"file-size", "seccomp"}),
    (connect_tcp, {NETWORK, "seccomp"}),
    (connect_abstract, {SCOPE, "seccomp"}),
    (make_socket, {"seccomp", "open-files"}),
    (make_udp_socket, {"seccomp", "open-files"}),
    (signal_bystander, {SCOPE, "seccomp"}),
    (signal_parent, {SCOPE, "seccomp"}),
    (run_program, {FILES, "seccomp", "open-files"}),
    (be_traced, {"seccomp"}),
    (unshare_files, {"seccomp"}),
    (fill_memfd, {"seccomp", "open-files", "file-size"}),
    (share_memory, {"seccomp"}),
    (grow_a_stack, {"seccomp"}),
    (make_code, {"seccomp"}),
    (turn_into_code, {"seccomp"}),
    (much_memory, {"memory"}),
    (many_addresses, {"memory"}),
    (wait_with_inheritance, {"seccomp"}),
    (dumpable, {"not-dumpable", "seccomp"}),
    (core_dumps, {"core-dumps", "seccomp"}),
]
ORDINARY_ROWS: list[Row] = [
    (fork, {"seccomp", "processes"}),
    (parents_environment, {FILES, NETWORK, SCOPE, "seccomp", "open-files"}),
    (spin, {"cpu"}),
]
ROOT_ROWS: list[Row] = [
    (fork, {"seccomp"}),
    (parents_environment, {FILES, "seccomp", "open-files", "capabilities"}),
    (unshare_hostname, {"seccomp", "capabilities"}),
    (change_root, {"seccomp", "capabilities"}),
]


def rows() -> Iterator[tuple[int, Callable[[World], str], set[str]]]:
    for user in users():
        for probe, lines in ROWS + (ORDINARY_ROWS if user else ROOT_ROWS):
            yield user, probe, lines


@pytest.mark.parametrize(
    ("user", "probe", "lines"), list(rows()), ids=lambda value: getattr(value, "__name__", None)
)
def test_a_wall_stops_what_it_is_for_and_its_mutant_does_not(
    worlds: dict[int, World], user: int, probe: Callable[[World], str], lines: set[str]
) -> None:
    full = profile()

    def tried(*gone: str) -> str:
        with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as unix:
            world = replace(worlds[user], tcp=tcp, unix=unix)
            mutant = without(full, *gone)
            return as_user(user, lambda: behind(mutant, lambda: probe(world)))

    assert tried(*lines) == DONE
    for wall in lines:
        assert tried(*(lines - {wall})) != DONE, f"{wall} alone does not stop it"


def test_every_wall_has_a_row_or_a_test_of_its_own() -> None:
    of_their_own = {"no-new-privileges", "dies-with-parent", "capabilities"}
    assert set(WALLS) == of_their_own.union(*(lines for _, lines in ROWS + ORDINARY_ROWS))


@pytest.mark.parametrize("user", users())
def test_all_walls_stand_on_this_kernel(user: int) -> None:
    walls = walls_behind(profile(), user=user)

    assert [wall for wall in walls if not wall.up] == []
    assert missing(walls) == ()


@pytest.mark.parametrize("user", users())
def test_no_new_privileges_is_set_for_good_and_the_mutant_lacks_it(user: int) -> None:
    def flag() -> str:
        return DONE if LIBC.prctl(39, 0, 0, 0, 0) == 0 else "set"

    looking_on = without(profile(), "seccomp")

    assert behind(looking_on, flag, user=user) == "set"
    assert behind(without(looking_on, "no-new-privileges"), flag, user=user) == DONE


def test_an_ordinary_user_without_that_flag_is_told_which_walls_are_down() -> None:
    walls = walls_behind(without(profile(), "no-new-privileges"), user=NOBODY if os.geteuid() == 0 else None)

    down = {wall.name: wall.why for wall in walls if not wall.up}
    assert down.keys() == {"no-new-privileges", FILES, NETWORK, SCOPE, "seccomp"}
    assert down["no-new-privileges"] == "left out by the profile"
    assert down["seccomp"] == "the kernel refused: Permission denied"
    assert {wall.name for wall in missing(walls)} >= {"seccomp", FILES}


@pytest.mark.parametrize("lacking", [(), ("dies-with-parent",)])
def test_a_confined_process_dies_with_its_parent_and_the_mutant_survives_it(lacking: tuple[str, ...]) -> None:
    read, write = os.pipe()
    middle = os.fork()
    if not middle:
        mine = os.getpid()
        if not os.fork():
            behind_walls = without(profile(open_files=64), "seccomp", *lacking)
            from stockade.confine import confine

            confine(behind_walls, parent=mine)
            os.write(write, b"+")
            time.sleep(0.6)
            os.write(write, b"!")
            os._exit(0)
        os.read(read, 1)
        os._exit(0)
    os.close(write)
    os.waitpid(middle, 0)
    with open(read, "rb") as said:
        assert said.read() == (b"!" if lacking else b"")
