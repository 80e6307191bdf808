"""Landlock (landlock(7)): this process may reach no file, no TCP port, and no process outside its own domain.

The ruleset handles everything that the kernel's ABI knows and allows nothing but what its rules name: those for an
analysing process are none, those for a jail are some paths.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Collection, Iterable
from enum import IntFlag
from typing import NamedTuple

from stockade.confine.kernel import Kernel

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same on every architecture
_VERSION = 1

#: Rights on files by the ABI that brought them: 13 at first, then refer, truncate and device ioctl.
_FILES = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_PATH_BENEATH = 1
#: Rights that the kernel takes for something that isn't a folder.
_OF_A_FILE = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
_NETWORK_ABI, _NETWORK = 4, 0b11  # bind and connect, TCP
_SCOPE_ABI, _SCOPE = 6, 0b11  # abstract Unix sockets, signals

FILES, NETWORK, SCOPE = "landlock-files", "landlock-network", "landlock-scope"
#: The ABI from which each wall exists.
SINCE = {FILES: 1, NETWORK: _NETWORK_ABI, SCOPE: _SCOPE_ABI}


class Right(IntFlag):
    """What may be done beneath a path."""

    READ = 1 << 0 | 1 << 2 | 1 << 3  #: execute, read files, list folders
    #: write, remove and make whatever needs no privilege, move, truncate
    WRITE = READ | 1 << 1 | 0b11011 << 4 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13 | 1 << 14
    DEVICE = READ | 1 << 1 | 1 << 14 | 1 << 15  #: read, write and control what is there


class Rule(NamedTuple):
    """An open descriptor (O_PATH will do), and what may be done there and beneath."""

    descriptor: int
    rights: Right


def abi(kernel: Kernel) -> int:
    """The version that the kernel speaks (1…); raises OSError where Landlock is absent or off."""
    return kernel.syscall(_CREATE, 0, 0, _VERSION)


def restrict(kernel: Kernel, version: int, walls: Collection[str], rules: Iterable[Rule] = ()) -> None:
    """Build `walls` (of FILES, NETWORK, SCOPE, each known to ABI `version`) for good, with openings as `rules` say;
    raises OSError.

    Needs PR_SET_NO_NEW_PRIVS. Descriptors that are open already keep their rights.
    """
    files = sum(bits for since, bits in _FILES if version >= since) if FILES in walls else 0
    network = _NETWORK if NETWORK in walls else 0
    scope = _SCOPE if SCOPE in walls else 0
    fields = (files, network, scope)[: 3 if version >= _SCOPE_ABI else 2 if version >= _NETWORK_ABI else 1]
    packed = struct.pack(f"{len(fields)}Q", *fields)
    attributes = ctypes.create_string_buffer(packed, len(packed))
    ruleset = kernel.syscall(_CREATE, ctypes.addressof(attributes), len(packed), 0)
    try:
        for rule in rules:
            _add(kernel, ruleset, rule, files)
        kernel.syscall(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _add(kernel: Kernel, ruleset: int, rule: Rule, handled: int) -> None:
    rights = rule.rights & handled
    if not stat.S_ISDIR(os.fstat(rule.descriptor).st_mode):
        rights &= _OF_A_FILE
    packed = struct.pack("=Qi", rights, rule.descriptor)
    attributes = ctypes.create_string_buffer(packed, len(packed))
    kernel.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.addressof(attributes), 0)
