"""What the gate passes on unjudged is text, and nothing that an installer could take for an archive.

pip unpacks whatever an address gives it if it is a zip or a tar file, however it is called. So a wheel's ``.metadata``,
or a project's own JSON, would be a way past the gate for anything that calls itself so.
"""

from __future__ import annotations

import re

import msgspec

#: How METADATA begins (RFC 822); no compressed file, and no zip file, does.
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*[ \t]*:")
#: Of a tar file's first block: all, and where its checksum stands.
_BLOCK, _SUM = 512, slice(148, 156)
_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\t\n\r")


def is_metadata(body: bytes) -> bool:
    """Whether it is metadata of a distribution, and no archive besides."""
    return _HEADER.match(body) is not None and _is_text(body)


def is_json(body: bytes) -> bool:
    """Whether it is JSON, and no archive besides."""
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return _is_text(body)


def without_controls(body: bytes) -> bytes:
    """A page without the bytes that no page needs and every zip file has."""
    return body.translate(None, _CONTROLS)


def _is_text(body: bytes) -> bool:
    # A zip file may begin with anything, but its end holds numbers with zeros at this size; a tar file may be all text.
    return b"\0" not in body and not _is_tar(body[:_BLOCK])


def _is_tar(block: bytes) -> bool:
    """Whether tarfile and its like would take it for the head of a file: its checksum is right."""
    if len(block) < _BLOCK:
        return False
    told = _number(block[_SUM])
    rest = block[: _SUM.start] + block[_SUM.stop :]
    total = sum(rest) + 8 * ord(" ")
    signed = total - 256 * sum(byte >= 0x80 for byte in rest)
    return told in {total, signed}


def _number(field: bytes) -> int | None:
    """A number of a tar file's head, read as tarfile reads it; None where it reads none."""
    if field[0] in {0x80, 0xFF}:  # in base 256; in a text both may be part of a letter
        found = int.from_bytes(field[1:], "big")
        return found if field[0] == 0x80 else found - 256 ** (len(field) - 1)
    try:
        return int(field.decode("ascii").strip() or "0", 8)
    except ValueError:
        return None
