"""Core metadata (METADATA, PKG-INFO), read so that nothing is dropped."""

from __future__ import annotations

import re

from stockade.analyse.unpack.facts import Metadata

_HEADER = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*)[ \t]*:[ \t]*(.*)", re.DOTALL)


def parse_metadata(raw: bytes, source: str) -> Metadata:
    """Read `raw` as e-mail style headers with a body (core metadata specification, PEP 566).

    Lines that are no header, and header lines that are not UTF-8, are kept in `unparsed`; the latter count as
    headers too, read as Latin-1. Header names become lower case. `body` is the description's length in bytes.
    """
    head, _, body = _split(raw)
    fields: dict[str, list[str]] = {}
    unparsed: list[str] = []
    last: list[str] | None = None
    for line in head.splitlines():
        text, valid = _text(line)
        if not valid:
            unparsed.append(text)
        if text[:1] in (" ", "\t"):
            if last is None:
                unparsed.append(text)
            else:
                last[-1] = f"{last[-1]}\n{text.strip()}"
            continue
        match = _HEADER.fullmatch(text)
        if match is None:
            if valid:
                unparsed.append(text)
            last = None
            continue
        last = fields.setdefault(match[1].lower(), [])
        last.append(match[2].strip())
    held = {name: tuple(values) for name, values in fields.items()}
    return Metadata(source=source, fields=held, unparsed=tuple(unparsed), body=len(body))


def _split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Headers, the empty line, and the body; a byte order mark is no part of the first header."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    match = re.search(rb"\r?\n\r?\n|\r\r", raw)
    if match is None:
        return raw, b"", b""
    return raw[: match.start()], match[0], raw[match.end() :]


def _text(line: bytes) -> tuple[str, bool]:
    try:
        return line.decode("utf-8"), True
    except UnicodeDecodeError:
        return line.decode("latin-1"), False
