"""One tar header, and the extended headers in front of it (POSIX.1-2001 pax, GNU tar, ustar)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stockade.model.artifact import MemberKind

BLOCK = 512
ZEROS = bytes(BLOCK)
#: Types whose header may claim a size though no data follows, as CPython's tarfile has it.
_BARE = b"123456"
_KINDS = {
    b"1": MemberKind.LINK,
    b"2": MemberKind.LINK,
    b"3": MemberKind.DEVICE,
    b"4": MemberKind.DEVICE,
    b"5": MemberKind.FOLDER,
    b"6": MemberKind.DEVICE,
}
_RECORD = re.compile(rb"(\d{1,9}) ([^=]+)=")


@dataclass(frozen=True, slots=True)
class Header:
    """A header block. `type` is its flag, one byte; `size` in bytes; `name` and `link` are raw."""

    name: bytes
    link: bytes
    type: bytes
    size: int
    extended: bool

    @property
    def kind(self) -> MemberKind:
        """What the header claims to be; unknown types are files, as for tarfile."""
        if self.type == b"\0" and self.name.endswith(b"/"):
            return MemberKind.FOLDER
        return _KINDS.get(self.type, MemberKind.FILE)

    @property
    def bare(self) -> bool:
        """No data follows, whatever `size` says."""
        return self.type in _BARE or self.kind is MemberKind.FOLDER


def header(block: bytes) -> Header | None:
    """Parse a block; None where its checksum or its numbers are no tar header's."""
    if len(block) != BLOCK:
        return None
    claimed = number(block[148:156])
    unsigned = sum(block) - sum(block[148:156]) + 256
    if claimed != unsigned and claimed != unsigned - 256 * sum(
        byte > 127 for byte in block[:148] + block[156:]
    ):
        return None
    size = number(block[124:136])
    if size is None or size < 0:
        return None
    name = text_field(block[:100])
    prefix = text_field(block[345:500])
    kind = block[156:157]
    if prefix and kind not in (b"L", b"K", b"S") and block[257:263] == b"ustar\0":
        name = prefix + b"/" + name
    return Header(name, text_field(block[157:257]), kind, size, kind == b"S" and block[482] != 0)


def text_field(raw: bytes) -> bytes:
    """A field up to its first NUL."""
    return raw.partition(b"\0")[0]


def number(raw: bytes) -> int | None:
    """An octal field, or GNU's base 256; None where it is neither."""
    if raw[0] in (0o200, 0o377):
        value = int.from_bytes(raw[1:], "big")
        return value if raw[0] == 0o200 else value - (1 << (8 * (len(raw) - 1)))
    digits = text_field(raw).strip()
    if not digits:
        return 0
    if digits.strip(b"01234567"):
        return None
    return int(digits, 8)


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one pax header, and what is wrong with them ("" for nothing)."""

    values: Mapping[str, bytes]
    wrong: str = ""


def pax_records(body: bytes) -> Records:
    """Parse ``length key=value`` records; stops at the first that is malformed."""
    values: dict[str, bytes] = {}
    wrong = ""
    at = 0
    while at < len(body) and body[at] != 0:
        match = _RECORD.match(body, at)
        length = int(match[1]) if match else 0
        if match is None or at + length > len(body) or length <= match.end() - at:
            return Records(values, "a pax record is malformed")
        key = match[2].decode("utf-8", "backslashreplace")
        value = body[match.end() : at + length - 1]
        if body[at + length - 1] != 0x0A:
            wrong = wrong or "a pax record does not end where its length says"
        if key in values:
            wrong = wrong or f"the pax header gives {key} twice"
        values[key] = value
        at += length
    return Records(values, wrong)
