"""What an exchange carried, taken apart; and what several carried one after another, put together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_to_bytes

from stockade import limits
from stockade.model.observation import Exchange


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that came in `exchange` (the last of several), and in what part of it."""

    exchange: int
    part: str
    data: bytes
    how: str = ""
    #: All exchanges that it was put together from.
    together: tuple[int, ...] = ()


_WEB = frozenset({"http", "https"})


def pieces(exchanges: Sequence[Exchange]) -> Iterator[Piece]:
    """Each exchange by itself, then what is left when fields that come again and again are joined."""
    for number, one in enumerate(exchanges):
        yield from _own(number, one)
    yield from _joined(exchanges)


def _own(number: int, one: Exchange) -> Iterator[Piece]:
    if one.protocol in _WEB:
        head, _, body = one.sent.partition(b"\r\n\r\n")
        target, _, headers = head.partition(b"\r\n")
        for part, data in (("target", target), ("header", headers), ("body", body)):
            yield Piece(number, part, data)
    elif one.protocol == "dns":
        held = labels(one.sent)
        yield Piece(number, "name", b".".join(held))
        if len(held) > 3:
            yield Piece(number, "name", b"".join(held[:-2]), "split over labels")
    else:
        yield Piece(number, "data", one.sent)


def labels(packet: bytes) -> list[bytes]:
    """The labels of the name that a query asks for (RFC 1035, section 4.1.2)."""
    found: list[bytes] = []
    at = 12
    while at < len(packet) and 0 < packet[at] < 64 and len(found) < 128:
        found.append(packet[at + 1 : at + 1 + packet[at]])
        at += 1 + packet[at]
    return found


def _joined(exchanges: Sequence[Exchange]) -> Iterator[Piece]:
    """Values of the same field of the same host in a row, in the order in which they came, and in that of numbers that
    came with them."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(exchanges):
        host = b".".join(labels(one.sent)[-2:]).decode("latin-1") if one.protocol == "dns" else one.host
        protocol = "http" if one.protocol in _WEB else one.protocol
        groups.setdefault((protocol, host.lower()), []).append(number)
    for (protocol, _), numbers in groups.items():
        if len(numbers) < 2:
            continue
        told = f"split over {len(numbers)} {'names' if protocol == 'dns' else 'messages'}"
        for part, rows in _columns([exchanges[number] for number in numbers]):
            for made in dict.fromkeys(_orders(rows)):
                if made and len(made) <= limits.MAX_EXCHANGE:
                    yield Piece(numbers[-1], part, made, told, tuple(numbers))


Row = tuple[int, bytes, tuple[tuple[str, int], ...]]


def _columns(exchanges: Sequence[Exchange]) -> Iterator[tuple[str, list[Row]]]:
    """Each field that two exchanges or more have: its part, and of each exchange its value beside the numbers there."""
    columns: dict[tuple[str, str], list[Row]] = {}
    for number, one in enumerate(exchanges):
        fields = list(_fields(one))[: limits.MAX_SOUGHT_FIELDS]
        counts = tuple((name, int(value)) for _, name, value in fields if value.isdigit() and len(value) < 10)
        for part, name, value in fields:
            columns.setdefault((part, name), []).append((number, value, counts))
    for (part, _), rows in columns.items():
        if len(rows) > 1 and len({value for _, value, _ in rows}) > 1:
            yield part, rows


def _orders(rows: list[Row]) -> Iterator[bytes]:
    values: list[bytes] = []
    for _, value, _ in rows:
        if not values or values[-1] != value:  # asked again, as resolvers do
            values.append(value)
    yield b"".join(values)
    shared = set(rows[0][2]) and {name for name, _ in rows[0][2]}.intersection(
        *({name for name, _ in counts} for _, _, counts in rows)
    )
    for name in sorted(shared or ())[:8]:
        placed = {dict(counts)[name]: value for _, value, counts in rows}
        if len(placed) > 1:
            yield b"".join(placed[at] for at in sorted(placed))


def _fields(one: Exchange) -> Iterator[tuple[str, str, bytes]]:
    """(part, name, value) of everything that could be a piece."""
    if one.protocol == "dns":
        held = labels(one.sent)[:-2]
        yield "name", "all", b"".join(held)
        for number, label in enumerate(held):
            yield "name", f"label {number}", label
            # Numbers that count the pieces may stand in one label with them: 3-abc.
            yield from _counted("name", f"label {number}", label)
    elif one.protocol in _WEB:
        yield from _web(one.sent)
    else:
        yield "data", "all", one.sent
        yield from _counted("data", "all", one.sent)


_COUNTED = re.compile(rb"(\d{1,6})([-_.:|,/ ])(.*)\Z|(.*?)([-_.:|,/ ])(\d{1,6})\Z", re.DOTALL)


def _counted(part: str, name: str, value: bytes) -> Iterator[tuple[str, str, bytes]]:
    found = _COUNTED.match(value)
    if found:
        number, rest = (found[1], found[3]) if found[1] is not None else (found[6], found[4])
        yield part, f"{name} number", number
        yield part, f"{name} rest", rest


def _web(sent: bytes) -> Iterator[tuple[str, str, bytes]]:
    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    target = (first + b"  ").split(b" ")[1]
    path, _, query = target.partition(b"?")
    for number, segment in enumerate(path.strip(b"/").split(b"/")[-4:]):
        yield "target", f"segment {number}", unquote_to_bytes(segment)
    yield from _pairs("target", query)
    for line in lines:
        name, _, value = line.partition(b":")
        if name.lower() not in _DULL:
            yield "header", f"header {name.decode('latin-1').lower()}", value.strip()
    yield "body", "all", body
    yield from _counted("body", "body", body)
    if len(body) <= limits.MAX_SOUGHT_BODY:
        yield from _pairs("body", body)
        yield from _json(body)


_DULL = frozenset({b"host", b"accept", b"accept-encoding", b"connection", b"content-type"})


def _pairs(part: str, text: bytes) -> Iterator[tuple[str, str, bytes]]:
    """A form, or a query."""
    if b"=" in text and len(text) <= limits.MAX_SOUGHT_BODY:
        for name, value in parse_qsl(text.decode("latin-1"), encoding="latin-1", max_num_fields=None)[
            : limits.MAX_SOUGHT_FIELDS
        ]:
            yield part, f"field {name}", value.encode("latin-1", "replace")
            yield from _counted(part, f"field {name}", value.encode("latin-1", "replace"))


def _json(body: bytes) -> Iterator[tuple[str, str, bytes]]:
    if body.lstrip()[:1] != b"{":
        return
    try:
        held = json.loads(body)
    except (ValueError, RecursionError):
        return
    for name, value in list(held.items())[: limits.MAX_SOUGHT_FIELDS]:
        if isinstance(value, (str, int)):
            yield "body", f"member {name}", str(value).encode("utf-8", "surrogatepass")
