"""A small assembler for seccomp's classic BPF: rules on system calls in, the kernel's 8-byte instructions out.

The program sees ``struct seccomp_data``: the call's number at offset 0, the architecture at 4, the
arguments at 16 + 8n. Only the low 32 bits of an argument are compared: every argument that our rules look
at (protection, mapping flags, clone flags, a pid) has its meaning there, and the kernel ignores the rest.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

ALLOW = 0x7FFF0000
KILL = 0x80000000


def fails(number: int) -> int:
    """The verdict that makes a call return ``-number`` without being made."""
    return 0x00050000 | number


_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
#: x32 calls carry this bit on x86_64; nothing of ours uses them, and forgetting them is the classic hole.
_X32 = 0x40000000


#: A value that encode() replaces; no mask or flag of ours looks like it.
OWN_PID = 0x5E1F_5E1F


class Op:
    """The opcodes used (linux/bpf_common.h)."""

    LOAD = 0x20  # A = data[k]
    AND = 0x54  # A &= k
    EQUAL = 0x15  # pc += jt if A == k else jf
    ABOVE = 0x25  # pc += jt if A > k else jf
    AT_LEAST = 0x35  # pc += jt if A >= k else jf
    RETURN = 0x06


class Instruction(NamedTuple):
    """One ``struct sock_filter``."""

    code: int
    jt: int
    jf: int
    k: int


@dataclass(frozen=True, slots=True)
class Check:
    """True where ``argument[index] & mask == value``, on the low 32 bits; OWN_PID stands for just that."""

    index: int
    mask: int
    value: int


@dataclass(frozen=True, slots=True)
class Rule:
    """The verdict on calls of these names whose arguments pass every check. The first rule that fits decides."""

    calls: tuple[str, ...]
    verdict: int
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """One architecture: its AUDIT_ARCH constant and its system calls by name."""

    audit: int
    numbers: Mapping[str, int]


def assemble(rules: Iterable[Rule], machine: Machine, otherwise: int = KILL) -> list[Instruction]:
    """The program for `machine`; names that it has no number for are skipped.

    What no rule names gets the verdict `otherwise`, except calls younger than the table: those return ENOSYS, as on
    an older kernel, so that a C library newer than this file falls back to what it used before.
    """
    program = [
        Instruction(Op.LOAD, 0, 0, _ARCH),
        Instruction(Op.EQUAL, 1, 0, machine.audit),
        Instruction(Op.RETURN, 0, 0, KILL),
        Instruction(Op.LOAD, 0, 0, _NUMBER),
        Instruction(Op.AT_LEAST, 0, 1, _X32),
        Instruction(Op.RETURN, 0, 0, KILL),
        Instruction(Op.ABOVE, 0, 1, max(machine.numbers.values())),
        Instruction(Op.RETURN, 0, 0, fails(errno.ENOSYS)),
    ]
    for rule in rules:
        for name in rule.calls:
            if name in machine.numbers:
                program.extend(_one(machine.numbers[name], rule))
    program.append(Instruction(Op.RETURN, 0, 0, otherwise))
    return program


def _one(number: int, rule: Rule) -> Iterator[Instruction]:
    """Enter with the call's number loaded; leave by a return, or with the number loaded again."""
    verdict = Instruction(Op.RETURN, 0, 0, rule.verdict)
    if not rule.checks:
        yield Instruction(Op.EQUAL, 0, 1, number)
        yield verdict
        return
    yield Instruction(Op.EQUAL, 0, 3 * len(rule.checks) + 2, number)
    for left, check in zip(range(len(rule.checks), 0, -1), rule.checks, strict=True):
        yield Instruction(Op.LOAD, 0, 0, _ARGUMENTS + 8 * check.index)
        yield Instruction(Op.AND, 0, 0, check.mask)
        yield Instruction(Op.EQUAL, 0, 3 * (left - 1) + 1, check.value)
    yield verdict
    yield Instruction(Op.LOAD, 0, 0, _NUMBER)


def encode(program: Iterable[Instruction], pid: int = OWN_PID) -> bytes:
    """The program as an array of ``struct sock_filter``, for the process `pid`."""
    return b"".join(struct.pack("<HBBI", *one[:3], pid if one.k == OWN_PID else one.k) for one in program)


def places(program: Iterable[Instruction]) -> tuple[int, ...]:
    """Where in the encoded program a pid stands, as offsets in bytes."""
    return tuple(8 * number + 4 for number, one in enumerate(program) if one.k == OWN_PID)
