"""The filter, run by a small simulator of the kernel's machine, on both architectures."""

from __future__ import annotations

import errno
import struct

import pytest

from stockade.confine import seccomp
from stockade.confine.bpf import (
    ALLOW,
    KILL,
    OWN_PID,
    Check,
    Instruction,
    Machine,
    Op,
    Rule,
    assemble,
    encode,
    fails,
    places,
)
from stockade.confine.calls import MACHINES

REFUSED = fails(errno.EPERM)
PID = 4321


def run(code: bytes, number: int, arguments: tuple[int, ...] = (), arch: int = 0xC000003E) -> int:
    """The verdict of an encoded program on one call."""
    data = struct.pack("<IIQ6Q", number, arch, 0, *(arguments + (0,) * 6)[:6])
    program = [Instruction(*one) for one in struct.iter_unpack("<HBBI", code)]
    accumulator, counter = 0, 0
    while True:
        one = program[counter]
        counter += 1
        match one.code:
            case Op.LOAD:
                (accumulator,) = struct.unpack_from("<I", data, one.k)
            case Op.AND:
                accumulator &= one.k
            case Op.EQUAL:
                counter += one.jt if accumulator == one.k else one.jf
            case Op.ABOVE:
                counter += one.jt if accumulator > one.k else one.jf
            case Op.AT_LEAST:
                counter += one.jt if accumulator >= one.k else one.jf
            case Op.RETURN:
                return one.k
            case _:
                raise AssertionError(one)


def verdict(rules: tuple[Rule, ...], name: str, *arguments: int, machine: str = "x86_64") -> int:
    table = MACHINES[machine]
    return run(encode(assemble(rules, table), PID), table.numbers[name], arguments, table.audit)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_a_worker_may_compute_and_die_and_nothing_else(machine: str) -> None:
    def says(name: str, *arguments: int) -> int:
        return verdict(seccomp.ANALYSING, name, *arguments, machine=machine)

    assert {says(name) for name in ("brk", "munmap", "mremap", "exit_group", "getrandom")} == {ALLOW}
    assert {says(name) for name in ("openat", "read", "write", "newfstatat", "pipe2", "fcntl")} == {REFUSED}
    assert says("clone3") == fails(errno.ENOSYS)
    killed = ("clone", "sendmsg", "recvmsg", "sendto", "prctl", "seccomp", "pidfd_open", "wait4", "capset")
    assert {says(name) for name in killed} == {KILL}


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("mmap", (0, 4096, 0x3, 0x22), ALLOW),
        ("mmap", (0, 4096, 0x7, 0x22), REFUSED),
        ("mmap", (0, 4096, 0x4, 0x22), REFUSED),
        ("mmap", (0, 4096, 0x3, 0x21), REFUSED),
        ("mmap", (0, 4096, 0x3, 0x03), REFUSED),
        ("mmap", (0, 4096, 0x3, 0x122), REFUSED),
        ("mmap", (0, 4096, 0x3, 0x40022), REFUSED),
        ("mprotect", (0, 4096, 0x3), ALLOW),
        ("mprotect", (0, 4096, 0x5), REFUSED),
        ("futex", (0, 0), ALLOW),
        ("futex", (0, 1 | 128), ALLOW),
        ("futex", (0, 9 | 128 | 256), ALLOW),
        ("futex", (0, 6 | 128), KILL),
        ("futex", (0, 3), KILL),
        ("futex", (0, 12), KILL),
        ("kill", (PID, 6), ALLOW),
        ("kill", (PID + 1, 0), KILL),
        ("kill", (0, 9), KILL),
        ("kill", (0xFFFFFFFFFFFFFFFF, 9), KILL),
        ("tgkill", (PID, PID, 6), ALLOW),
        ("tgkill", (1, 1, 6), KILL),
    ],
)
def test_arguments_decide_where_a_name_is_not_enough(
    name: str, arguments: tuple[int, ...], expected: int
) -> None:
    assert verdict(seccomp.ANALYSING, name, *arguments) == expected


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (0x01200011, ALLOW),
        (17, ALLOW),
        (0x00010F00, KILL),
        (0x10000011, KILL),
        (0x20000011, KILL),
        (0x80, ALLOW),
    ],
)
def test_the_warm_process_forks_but_makes_no_threads_or_namespaces(flags: int, expected: int) -> None:
    assert verdict(seccomp.FORKING, "clone", flags) == expected


def test_the_warm_process_opens_nothing_and_makes_no_code() -> None:
    assert verdict(seccomp.FORKING, "openat") == REFUSED
    assert verdict(seccomp.FORKING, "mmap", 0, 4096, 0x3, 0x21) == ALLOW
    assert verdict(seccomp.FORKING, "mmap", 0, 4096, 0x5, 0x22) == REFUSED
    assert verdict(seccomp.FORKING, "pidfd_send_signal", 5, 9) == ALLOW


def test_another_architecture_and_the_x32_calls_are_killed() -> None:
    table = MACHINES["x86_64"]
    code = encode(assemble(seccomp.ANALYSING, table), PID)

    assert run(code, table.numbers["brk"], arch=0x40000003) == KILL
    assert run(code, table.numbers["brk"] | 0x40000000) == KILL
    assert run(code, table.numbers["brk"]) == ALLOW


def test_calls_younger_than_the_table_do_not_exist_and_unnamed_ones_kill() -> None:
    table = MACHINES["x86_64"]
    code = encode(assemble(seccomp.ANALYSING, table), PID)

    assert run(code, max(table.numbers.values()) + 1) == fails(errno.ENOSYS)
    for number in (41, 56, 57, 59, 101, 165, 250, 272, 310, 319, 321, 322, 323, 425, 426, 438, 441):
        assert run(code, number) == KILL, number


def test_the_first_rule_that_fits_decides_and_failing_tests_fall_through() -> None:
    machine = Machine(1, {"a": 5, "b": 6})
    rules = (
        Rule(("a",), 100, (Check(0, 0xF, 1), Check(5, 0xFF, 2))),
        Rule(("a", "unheard-of"), 200, (Check(1, 1, 1),)),
        Rule(("b",), 300),
        Rule(("a",), 400),
    )
    code = encode(assemble(rules, machine))

    assert run(code, 5, (0x11, 0, 0, 0, 0, 2), 1) == 100
    assert run(code, 5, (0x11, 1, 0, 0, 0, 3), 1) == 200
    assert run(code, 5, (0x12, 0, 0, 0, 0, 2), 1) == 400
    assert run(code, 6, (), 1) == 300
    assert run(code, 4, (), 1) == KILL


def test_places_are_where_the_pid_stands() -> None:
    program = assemble(seccomp.ANALYSING, MACHINES["x86_64"])
    code = bytearray(encode(program))
    assert len(places(program)) == 2
    for place in places(program):
        assert struct.unpack_from("<I", code, place) == (OWN_PID,)
        struct.pack_into("<I", code, place, PID)

    assert bytes(code) == encode(program, PID)


def test_every_name_in_the_rules_has_a_number_somewhere() -> None:
    named = {name for rule in seccomp.ANALYSING + seccomp.FORKING for name in rule.calls}

    assert named <= MACHINES["x86_64"].numbers.keys()
    assert len(set(MACHINES["aarch64"].numbers.values())) == len(MACHINES["aarch64"].numbers)
    assert len(set(MACHINES["x86_64"].numbers.values())) == len(MACHINES["x86_64"].numbers)
