"""Makes the table of known names (see table)."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from zlib import crc32

from stockade.analyse.identity.names.aliases import CALLED as ALSO_CALLED
from stockade.analyse.identity.names.aliases import IMPORTS, STDLIB
from stockade.analyse.identity.names.forms import FORMS, GLUE, SHORTEST, WHOLE, cores, dropped, squash, thirds
from stockade.analyse.identity.names.table import CALLED, CORE, FORM, HEADER, IMPORT, MAGIC, letters
from stockade.analyse.identity.names.words import FILLERS, LANGUAGE

#: Of names of so many letters, the first so many are looked for with one edit, and with two: a short name that few
#: know is near to everything.
ONE_EDIT = {3: 150, 4: 2_500, 5: 4_000, 6: 9_000, 7: 15_000}
TWO_EDITS = {5: 400, 6: 2_000, 7: 4_000}
#: From this length on, so many are.
LONG, EDITED = 8, 12_000
#: How far down a name's core, and what it sounds like, are looked for.
CORES, BLURRED = 6_000, 8_000
#: A name of so many letters counts where it is glued to others, too.
HUB = 5


def written(counts: Mapping[str, int], date: str) -> bytes:
    """The file of these names (normalised) and their downloads a month; the same bytes whatever order they come in.

    At most 50,000 names: forms are numbered with 16 bits.
    """
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    modules = sorted(one for one in STDLIB if one not in counts)
    names = [*ordered, *modules]
    further = list(_further(ordered))
    texts = [squash(name) for name in names] + [text for text, _, _ in further]
    keys: set[tuple[int, int]] = set()
    for number, name in enumerate(names):
        rank = number if number < len(ordered) else BLURRED
        keys |= {(_hash(key), number) for key in _keys(name, rank)}
    for number, (text, owner, kind) in enumerate(further, len(names)):
        keys.add((_hash(("C" if kind == CORE else "I") + text), number))
        if kind == CORE:
            keys |= {(_hash(key), number) for key in _near(text, max(owner, 2_000))}
    if len(texts) > 0xFFFF:
        raise ValueError("too many forms")
    rows = sorted(keys)
    told = "\n".join(names).encode("ascii")
    more = "\n".join(text for text, _, _ in further).encode("ascii")
    parts = (
        struct.pack(f"<{len(names)}Q", *(counts.get(name, 0) for name in names)),
        _hubs(names),
        struct.pack(f"<{len(texts)}I", *map(letters, texts)),
        struct.pack(f"<{len(rows)}I", *(value for value, _ in rows)),
        struct.pack(f"<{len(rows)}H", *(number for _, number in rows)),
        struct.pack(f"<{len(further)}H", *(owner for _, owner, _ in further)),
        bytes(kind for _, _, kind in further),
        told,
        more,
    )
    body = b"".join(part.ljust(len(part) + -len(part) % 8, b"\0") for part in parts)
    head = HEADER.pack(
        MAGIC, FORM, len(modules), date.encode(), len(names), len(further), len(rows), len(told), len(more),
        blake2b(body, digest_size=16).digest(),
    )  # fmt: skip
    return head + body


def _further(names: list[str]) -> Iterator[tuple[str, int, int]]:
    """(text, number of the name, kind) of what stands for a name beside itself."""
    numbers = {name: number for number, name in enumerate(names)}
    for kind, aliases in ((IMPORT, IMPORTS), (CALLED, ALSO_CALLED)):
        for alias, projects in sorted(aliases.items()):
            for project in projects:
                if project in numbers and alias not in numbers:
                    yield squash(alias), numbers[project], kind
    taken = {squash(name): number for number, name in enumerate(names)}
    for number, name in enumerate(names[:CORES]):
        for text, off in cores(name):
            # What is left without words that say what kind of thing it is may be anything: aiohttp-socks, pytest-race.
            plain = all(
                one in LANGUAGE or one.strip("-v").isdigit() or one.strip("-v0123456789") in GLUE
                for one in off
            )
            if (
                plain
                and len(text) >= SHORTEST
                and text not in FILLERS
                and taken.setdefault(text, number) >= number
            ):
                yield text, number, CORE


def _keys(name: str, rank: int) -> Iterator[str]:
    text = squash(name)
    yield "N" + text
    if rank < BLURRED:
        for kind, form in FORMS.items():
            made = form(name if kind in WHOLE else text)
            if len(made) >= SHORTEST and made != text:
                yield kind + made
    yield from _near(text, rank)


def _near(text: str, rank: int) -> Iterator[str]:
    """Keys by which it is found with an edit or two."""
    size = len(text)
    if size < LONG and rank < ONE_EDIT.get(size, 0):
        yield from ("-" + one for one in dropped(text))
    if rank < (EDITED if size >= LONG else TWO_EDITS.get(size, 0)):
        for piece, (start, length) in enumerate(thirds(text)):
            yield mark(piece, size) + text[start : start + length]


def _hubs(names: list[str]) -> bytes:
    """For each name, how many other names it begins or ends, or is a word of (up to 255)."""
    counts: Counter[str] = Counter()
    for name in names:
        words = name.split("-")
        runs = {"-".join(words[:cut]) for cut in range(1, len(words))}
        runs |= {"-".join(words[cut:]) for cut in range(1, len(words))} | set(words)
        text = squash(name)
        runs |= {text[:cut] for cut in range(HUB, len(text))} | {
            text[cut:] for cut in range(1, len(text) - HUB + 1)
        }
        counts.update(runs - {name})
    return bytes(min(counts[name], 255) for name in names)


def mark(piece: int, size: int) -> str:
    """How the key of a piece of a name of that length begins."""
    return f"{piece}{chr(32 + min(size, 90))}"


def _hash(key: str) -> int:
    return crc32(key.encode())


def counts_of(rows: Iterable[Mapping[str, str]]) -> dict[str, int]:
    """Rows of a CSV file with ``project`` and ``download_count``; raises ValueError and KeyError."""
    return {row["project"]: int(row["download_count"]) for row in rows}
