"""The jail's filter on system calls, by the simulator of the kernel's machine; namespaces and rules, by the kernel."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from stockade.confine import jailing, landlock, namespaces
from stockade.confine.bpf import ALLOW, KILL, fails
from stockade.confine.jailing import Sockets
from stockade.confine.kernel import Linux
from stockade.confine.landlock import Right, Rule
from tests.confine.test_bpf import run

REFUSED = fails(errno.EPERM)
X86, ARM, I386 = 0xC000003E, 0xC00000B7, 0x40000003


class Named(Linux):
    """This kernel, said to run on another machine."""

    def __init__(self, machine: str) -> None:
        super().__init__()
        self.machine = machine


def code(machine: str = "x86_64", *, internet: bool = True, unix: bool = True) -> bytes:
    return jailing.program(Named(machine), Sockets(internet=internet, unix=unix))


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        *[(number, ALLOW) for number in (0, 1, 2, 9, 56, 57, 58, 59, 61, 202)],
        *[
            (number, REFUSED)
            for number in (101, 165, 166, 155, 161, 272, 308, 310, 311, 250, 321, 298, 323, 175, 246)
        ],
        *[(number, fails(errno.ENOSYS)) for number in (435, 425, 426, 427, 1000)],
        (0x40000000 | 1, KILL),
    ],
)
def test_calls_on_x86_64(number: int, verdict: int) -> None:
    assert run(code(), number) == verdict


@pytest.mark.parametrize(("number", "verdict"), [(63, ALLOW), (117, REFUSED), (97, REFUSED), (40, REFUSED)])
def test_calls_on_aarch64(number: int, verdict: int) -> None:
    assert run(code("aarch64"), number, arch=ARM) == verdict


def test_another_architectures_calls_kill() -> None:
    assert run(code(), 4, arch=I386) == KILL


@pytest.mark.parametrize(
    ("number", "arguments", "verdict"),
    [
        (16, (0, 0x5401), ALLOW),  # TCGETS
        (16, (0, 0x5412), REFUSED),  # TIOCSTI
        (16, (0, 0x7FFF00005412), REFUSED),  # the kernel looks at the low half alone
        (16, (0, 0x541C), REFUSED),  # TIOCLINUX
        (41, (1, 1), ALLOW),
        (41, (2, 1), ALLOW),
        (41, (10, 2), ALLOW),
        (41, (16, 3, 0), ALLOW),  # addresses and interfaces
        (41, (16, 3, 12), fails(errno.EAFNOSUPPORT)),  # netfilter
        (41, (17, 3), fails(errno.EAFNOSUPPORT)),  # packets
        (41, (38, 5), fails(errno.EAFNOSUPPORT)),  # the kernel's cryptography
        (41, (40, 1), fails(errno.EAFNOSUPPORT)),  # the hypervisor
        (53, (1, 2), ALLOW),
        (56, (0x01200011,), ALLOW),  # fork
        (56, (0x3D0F00,), ALLOW),  # a thread
        *[(56, (flag | 17,), REFUSED) for flag in (0x20000, *(1 << bit for bit in range(25, 31)))],
        (135, (0xFFFFFFFF,), ALLOW),
        (135, (0,), ALLOW),
        (135, (0x0400000,), REFUSED),  # READ_IMPLIES_EXEC
    ],
)
def test_arguments_on_x86_64(number: int, arguments: tuple[int, ...], verdict: int) -> None:
    assert run(code(), number, arguments) == verdict


def test_kinds_of_sockets_can_be_refused() -> None:
    alone = code(internet=False, unix=False)
    for family in (1, 2, 10):
        assert run(alone, 41, (family, 1)) == REFUSED
    assert run(alone, 53, (1, 1 | 0o2000000)) == ALLOW
    assert run(alone, 53, (1, 2 | 0o2000000)) == REFUSED  # it could be pointed at a path


def test_a_machine_without_a_table_says_so() -> None:
    with pytest.raises(OSError, match="no table"):
        code("riscv64")


def _in_a_fork(what: object) -> int:
    """Do something to a process of its own; its exit code, or an errno and 100."""
    assert callable(what)
    pid = os.fork()
    if not pid:
        try:
            what()
            os._exit(0)
        except OSError as why:
            os._exit(100 + (why.errno or 0))
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_the_filter_is_installed_for_good() -> None:
    kernel = Linux()

    def refused() -> None:
        namespaces.no_new_privileges(kernel)
        jailing.install(kernel, jailing.program(kernel, Sockets()))
        namespaces.enter(kernel, namespaces.Space.UTS)

    assert _in_a_fork(refused) == 100 + errno.EPERM


def test_what_a_rule_names_is_open_and_the_rest_is_not(tmp_path: Path) -> None:
    kernel = Linux()
    (tmp_path / "open").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "shut").write_text("x")

    def within() -> None:
        namespaces.no_new_privileges(kernel)
        rules = [
            Rule(os.open(tmp_path / "open", os.O_PATH), Right.WRITE),
            Rule(os.open(tmp_path / "file", os.O_PATH), Right.WRITE),
        ]
        landlock.restrict(kernel, landlock.abi(kernel), (landlock.FILES,), rules)
        (tmp_path / "open/new").write_text("x")
        (tmp_path / "open/new").rename(tmp_path / "open/newer")
        (tmp_path / "file").write_text("y")
        (tmp_path / "shut").read_text()

    assert _in_a_fork(within) == 100 + errno.EACCES
    assert (tmp_path / "file").read_text() == "y" and (tmp_path / "open/newer").exists()


def test_a_network_of_ones_own_has_a_loopback_and_every_address() -> None:
    kernel = Linux()

    def within() -> None:
        import socket

        namespaces.enter(kernel, namespaces.Space.NET)
        namespaces.loopback_up()
        namespaces.everywhere_here()
        with socket.create_server(("0.0.0.0", 80)) as server:
            socket.create_connection(("198.51.100.7", 80), 5).close()
            server.accept()[0].close()
        with socket.socket(socket.AF_INET6) as server:
            server.bind(("::", 80))
            server.listen()
            socket.create_connection(("2001:db8::7", 80), 5).close()

    assert _in_a_fork(within) == 0
