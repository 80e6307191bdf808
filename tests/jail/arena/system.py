"""The few calls that Python 3.11 has no function for."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct

NEW_MOUNTS, NEW_HOST_NAME, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_USER, NEW_PROCESSES, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000

_LIBC = ctypes.CDLL(None, use_errno=True)
_PRIVATE_ALL = 0x00040000 | 0x4000
_SET_DUMPABLE, _DIE_WITH_PARENT, _SET_PTRACER = 4, 1, 0x59616D61
_SET_ADDRESS, _SET_FLAGS = 0x8916, 0x8914


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return result


def unshare(flags: int) -> None:
    _checked(_LIBC.unshare(flags), "unshare")


def mount(kind: str, target: str, options: str = "", flags: int = 0) -> None:
    _checked(_LIBC.mount(b"none", target.encode(), kind.encode(), flags, options.encode()), f"mount {target}")


def private_mounts() -> None:
    """What is mounted from here on is seen in this namespace only."""
    _checked(_LIBC.mount(None, b"/", None, _PRIVATE_ALL, None), "mount --make-rprivate")


def bind(source: str, target: str) -> None:
    """Show `source` at `target` too, with whatever is mounted below it."""
    _checked(_LIBC.mount(source.encode(), target.encode(), None, 0x1000 | 0x4000, None), f"bind {target}")


def unmount(target: str) -> None:
    _checked(_LIBC.umount2(target.encode(), 2), f"umount {target}")


def loopback(*addresses: str) -> None:
    """Bring lo up, with these addresses besides its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, _SET_FLAGS, struct.pack("16sh14x", b"lo", 0x1 | 0x40))
        for number, address in enumerate(addresses, 1):
            name = f"lo:{number}".encode()
            fcntl.ioctl(
                one,
                _SET_ADDRESS,
                struct.pack("16sHH4s8x", name, socket.AF_INET, 0, socket.inet_aton(address)),
            )


def die_with_parent() -> None:
    _LIBC.prctl(_DIE_WITH_PARENT, 9, 0, 0, 0)


def become(user: int) -> None:
    """Be an ordinary user for good, whom the kernel lets be looked at as one that started so."""
    if user == 0:
        return
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0), 8)
    _checked(_LIBC.capset(header, ctypes.create_string_buffer(24)), "capset")
    _LIBC.prctl(_SET_DUMPABLE, 1, 0, 0, 0)
    _LIBC.prctl(_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)


def plant_key(name: str, secret: str) -> None:
    """In a session keyring of this process's own."""
    _checked(_LIBC.syscall(250, 1, None), "keyctl")
    _checked(_LIBC.syscall(248, b"user", name.encode(), secret.encode(), len(secret), -3), "add_key")


def plant_segment(key: int, secret: str) -> None:
    """Shared memory that everybody of this namespace may read."""
    _LIBC.shmat.restype = ctypes.c_void_p
    segment = _checked(_LIBC.shmget(key, 4096, 0o1000 | 0o666), "shmget")
    address = _LIBC.shmat(segment, None, 0)
    ctypes.memmove(address, secret.encode(), len(secret))


def handle_of(path: str) -> tuple[int, str]:
    """The type and the bytes of a file's handle (name_to_handle_at(2)); (0, "") where its file system has none."""
    room = ctypes.create_string_buffer(struct.pack("Ii", 128, 0), 8 + 128)
    mount_id = ctypes.c_int()
    if _LIBC.syscall(303, -100, path.encode(), room, ctypes.byref(mount_id), 0) < 0:
        return 0, ""
    size, kind = struct.unpack_from("Ii", room.raw)
    return kind, room.raw[8 : 8 + size].hex()
