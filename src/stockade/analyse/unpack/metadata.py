"""Core metadata (METADATA, PKG-INFO), read so that nothing is dropped."""

from __future__ import annotations

import re

from stockade import limits
from stockade.analyse.unpack.facts import Metadata

_EMPTY_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_HEADER = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*+)[ \t]*+:(.*+)", re.DOTALL)


def parse_metadata(raw: bytes, source: str) -> Metadata:
    """Read `raw` as e-mail style headers with a body (core metadata specification, PEP 566).

    Lines that are no header, and header lines that are not UTF-8, are kept in `unparsed`; the latter count as
    headers too, read as Latin-1. Header names become lower case. `body` is the description's length in bytes.
    """
    head, body = _split(raw)
    fields: dict[str, list[list[str]]] = {}
    unparsed: list[str] = []
    last: list[str] | None = None
    lines = head.splitlines()
    for line in lines[: limits.MAX_METADATA_LINES]:
        text, valid = _text(line)
        if text[:1] in (" ", "\t") and last is not None:
            last.append(text.strip())
            continue
        match = _HEADER.fullmatch(text)
        last = None
        if match is not None:
            last = [match[2].strip()]
            fields.setdefault(match[1].lower(), []).append(last)
        if match is None or not valid:
            unparsed.append(text)
    unparsed += [line.decode("latin-1") for line in lines[limits.MAX_METADATA_LINES :][:1]]
    held = {name: tuple("\n".join(value) for value in values) for name, values in fields.items()}
    kept = tuple(unparsed[: limits.MAX_UNPARSED])
    return Metadata(source=source, fields=held, unparsed=kept, body=body)


def _split(raw: bytes) -> tuple[bytes, int]:
    """The headers, and how long what follows the empty line is; a byte order mark is no part of a header."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    match = _EMPTY_LINE.search(raw)
    if match is None:
        return raw, 0
    return raw[: match.start()], len(raw) - match.end()


def _text(line: bytes) -> tuple[str, bool]:
    try:
        return line.decode("utf-8"), True
    except UnicodeDecodeError:
        return line.decode("latin-1"), False
