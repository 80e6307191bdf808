"""What a waiting process points at, read from its memory and from /proc, in bounds.

All of it is the attacker's, and may change while it is read: it is what was asked for, and never decides anything.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
from typing import NamedTuple

from stockade import limits

_PAGE = 4096


class _Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class Memory:
    """The memory of processes of this machine, by the id of one of their threads."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._buffer = ctypes.create_string_buffer(_PAGE)
        self._ours = _Vector(ctypes.addressof(self._buffer), 0)
        self._theirs = _Vector(0, 0)
        self._read = self._libc.process_vm_readv
        self._read.restype = ctypes.c_ssize_t
        one = ctypes.c_ulong(1)
        self._rest = (ctypes.byref(self._ours), one, ctypes.byref(self._theirs), one, ctypes.c_ulong(0))

    def some(self, thread: int, address: int, size: int) -> bytes:
        """At most `size` bytes from `address` on, up to the end of its page; b"" where nothing is there."""
        size = min(size, _PAGE - address % _PAGE)
        self._ours.length = self._theirs.length = size
        self._theirs.base = address
        got: int = self._read(thread, *self._rest)
        return self._buffer.raw[:got] if got > 0 else b""

    def bytes_at(self, thread: int, address: int, size: int) -> bytes:
        """`size` bytes, or fewer where there are no more."""
        made = b""
        while len(made) < size:
            part = self.some(thread, address + len(made), size - len(made))
            if not part:
                break
            made += part
        return made

    def text(self, thread: int, address: int, most: int = limits.MAX_PATH) -> str:
        """What is ended by a zero byte, at most so many bytes of it."""
        made = b""
        while len(made) < most:
            part = self.some(thread, address + len(made), min(most - len(made), 256 if not made else most))
            head, end, _ = part.partition(b"\0")
            made += head
            if end or not part:
                break
        return made.decode("utf-8", "backslashreplace")

    def words(self, thread: int, address: int, most: int) -> list[int]:
        """Pointers up to the first that is zero (argv), at most so many."""
        packed = self.bytes_at(thread, address, 8 * most)
        found = []
        for (one,) in struct.iter_unpack("<Q", packed[: len(packed) // 8 * 8]):
            if not one:
                break
            found.append(one)
        return found


class Asker(NamedTuple):
    """Who waits: a thread, and how to read its memory."""

    thread: int
    memory: Memory

    def text(self, address: int, most: int = limits.MAX_PATH) -> str:
        return self.memory.text(self.thread, address, most)

    def bytes_at(self, address: int, size: int) -> bytes:
        return self.memory.bytes_at(self.thread, address, size)

    def path(self, folder: int, address: int) -> str:
        """A path as it was given, made absolute by the folder that it starts from: a descriptor, or AT_FDCWD."""
        given = self.text(address)
        if given.startswith("/"):
            return os.path.normpath(given)
        base = self._link("cwd" if folder == _AT_FDCWD else f"fd/{folder}")
        return os.path.normpath(f"{base}/{given}") if given else base

    def _link(self, name: str) -> str:
        try:
            return os.readlink(f"/proc/{self.thread}/{name}")
        except OSError:
            return "?"

    def process(self) -> int:
        """The id of the process that the thread belongs to; 0 where it is gone."""
        try:
            with open(f"/proc/{self.thread}/status", "rb") as file:
                head = file.read(1024)
        except OSError:
            return 0
        _, _, rest = head.partition(b"\nTgid:")
        return int(rest.partition(b"\n")[0] or 0)


_AT_FDCWD = -100


def signed(word: int) -> int:
    """An argument of a system call as the int that it is."""
    low = word & 0xFFFFFFFF
    return low - (1 << 32) if low >> 31 else low


def address_of(packed: bytes) -> str:
    """A ``struct sockaddr`` as people write it; "" for families that lead nowhere."""
    if len(packed) < 3:
        return ""
    family = int.from_bytes(packed[:2], "little")
    if family == socket.AF_INET and len(packed) >= 8:
        return f"{socket.inet_ntop(socket.AF_INET, packed[4:8])}:{int.from_bytes(packed[2:4], 'big')}"
    if family == socket.AF_INET6 and len(packed) >= 24:
        host = socket.inet_ntop(socket.AF_INET6, packed[8:24])
        return f"[{host}]:{int.from_bytes(packed[2:4], 'big')}"
    if family == socket.AF_UNIX:
        name = packed[2:]
        shown = b"@" + name[1:] if name[:1] == b"\0" else name.partition(b"\0")[0]
        return "unix:" + shown.decode("utf-8", "backslashreplace")
    return ""
