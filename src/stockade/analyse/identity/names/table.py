"""The table of known names: a flat file that is mapped, never read whole; written by `build`.

Little-endian: a header, the names (the most downloaded first) with their counts, further forms with the number of the
name that each stands for, and the CRC-32 of every key (a kind and a text), sorted, with the numbers of the forms that
have it. Keys may collide; whoever asks looks at the form itself.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import blake2b
from zlib import crc32

from stockade.errors import BadReference

MAGIC = b"STOCKNAM"
FORM = 1
HEADER = struct.Struct("<8sHH24sIIIII16s")
#: Kinds of form beside a name.
CORE, IMPORT, CALLED = 0, 1, 2


_BITS = {char: 1 << place for place, char in enumerate("abcdefghijklmnopqrstuvwxyz")}
_BITS |= {char: 1 << 26 + place % 6 for place, char in enumerate("0123456789")}


def letters(text: str) -> int:
    """A bit for each letter that `text` has; digits share six bits."""
    mask = 0
    for char in set(text):
        mask |= _BITS.get(char, 0)
    return mask


class Table:
    """An opened table over a read-only buffer, which must live as long."""

    def __init__(self, data: memoryview) -> None:
        """Raises BadReference where it is none, is damaged, or is of another version."""
        if len(data) < HEADER.size or data[:8] != MAGIC:
            raise BadReference("it is no table of known names")
        _, form, stdlib, date, names, forms, keys, told, more, check = HEADER.unpack_from(data)
        if form != FORM:
            raise BadReference("it was made by another version of Stockade")
        sizes = (
            8 * names,
            names,
            4 * (names + forms),
            4 * keys,
            2 * keys,
            2 * forms,
            forms,
            told,
            more,
        )
        if HEADER.size + sum(size + -size % 8 for size in sizes) != len(data):
            raise BadReference("it is damaged: its parts are not as long as it says")
        if blake2b(data[HEADER.size :], digest_size=16).digest() != check:
            raise BadReference("it is damaged: its checksum is wrong")
        parts = []
        at = HEADER.size
        for size in sizes:
            parts.append(data[at : at + size])
            at += size + -size % 8
        #: When the counts were taken, in words.
        self.date: str = date.rstrip(b"\0").decode()
        #: In hexadecimal, of everything that an answer rests on.
        self.digest: str = check.hex()
        #: The known names, the most downloaded first; after them `stdlib` modules of the standard library.
        self.names: list[str] = _lines(parts[7])
        #: Squashed forms beside the names.
        self.forms: list[str] = _lines(parts[8])
        self.known: int = names - stdlib
        self._counts = parts[0].cast("Q")
        #: Of each name, how many other known names are made with it (up to 255).
        self.hubs = parts[1]
        #: Of each form, which letters it has (see `letters`).
        self.letters = parts[2].cast("I")
        self._hashes = parts[3].cast("I")
        #: The CRC-32 of every key, and the last place that it has among them.
        self.present = dict(zip(self._hashes, range(keys), strict=True))
        self._ids = parts[4].cast("H")
        self._owners = parts[5].cast("H")
        self._kinds = parts[6]
        if len(self.names) != names or len(self.forms) != forms:
            raise BadReference("it is damaged: it has fewer names than it says")

    @property
    def floor(self) -> int:
        """The last count of the list: whoever is not on it has fewer."""
        return int(self._counts[self.known - 1]) if self.known else 0

    def downloads(self, number: int) -> int | None:
        """Downloads a month of a known name; None for a module of the standard library."""
        return self._counts[number] if number < self.known else None

    def owner(self, form: int) -> int:
        """The number of the name that a form (names first, then `forms`) stands for."""
        return form if form < len(self.names) else self._owners[form - len(self.names)]

    def kind(self, form: int) -> int | None:
        """CORE, IMPORT or CALLED for a further form; None for a name."""
        return None if form < len(self.names) else self._kinds[form - len(self.names)]

    def text(self, form: int) -> str:
        """A form, squashed."""
        if form < len(self.names):
            return self.names[form].replace("-", "")
        return self.forms[form - len(self.names)]

    def at(self, key: int) -> Sequence[int]:
        """The forms that may have a key, by the CRC-32 of that, which is in `present`."""
        first = last = self.present[key]
        hashes = self._hashes
        while first and hashes[first - 1] == key:
            first -= 1
        return (self._ids[last],) if first == last else self._ids[first : last + 1].tolist()

    def find(self, key: str) -> Sequence[int]:
        """The forms that may have this key (kind and text)."""
        value = crc32(key.encode())
        return self.at(value) if value in self.present else ()

    def number(self, name: str) -> int | None:
        """The number of a known name (not of a module)."""
        for one in self.find("N" + name.replace("-", "")):
            if one < self.known and self.names[one] == name:
                return one
        return None


def _lines(part: memoryview) -> list[str]:
    return bytes(part).decode("ascii").split("\n") if len(part) else []
