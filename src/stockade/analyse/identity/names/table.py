"""The table of known names: a flat file that is mapped, never read whole; written by `build`.

Little-endian: a header, the names (the most downloaded first) with their counts, further forms with the number of the
name that each stands for, and one table of keys. A key is a kind and a text; its CRC-32 leads to the numbers of the
forms that have it: the upper half by a table of starts, the lower half by search. Keys may collide; whoever asks
looks at the form itself.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from hashlib import blake2b
from zlib import crc32

from stockade.errors import BadReference

MAGIC = b"STOCKNAM"
FORM = 1
HEADER = struct.Struct("<8sHH24sIIIII16s")
#: Kinds of form beside a name.
CORE, IMPORT = 0, 1
#: Starts are told from the start of each 256th.
COARSE = 1 << 8


def letters(text: str) -> int:
    """A bit for each letter that `text` has; digits share six bits."""
    mask = 0
    for char in set(text):
        mask |= 1 << (ord(char) - 97 if char >= "a" else 26 + ord(char) % 6) % 32
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
            4 * COARSE,
            2 << 16,
            2 * keys,
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
        self.names: list[str] = bytes(parts[9]).decode("ascii").split("\n")
        #: Squashed forms beside the names.
        self.forms: list[str] = bytes(parts[10]).decode("ascii").split("\n")
        self.known: int = names - stdlib
        self._keys = keys
        self._counts = parts[0].cast("Q")
        #: Of each name, how many other known names are made with it (up to 255).
        self.hubs = parts[1]
        #: Of each form, which letters it has (see `letters`).
        self.letters = parts[2].cast("I")
        self._coarse = parts[3].cast("I")
        self._fine = parts[4].cast("H")
        self._lows = parts[5].cast("H")
        self._ids = parts[6].cast("H")
        self._owners = parts[7].cast("H")
        self._kinds = parts[8]
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
        """CORE or IMPORT for a further form; None for a name."""
        return None if form < len(self.names) else self._kinds[form - len(self.names)]

    def text(self, form: int) -> str:
        """A form, squashed."""
        if form < len(self.names):
            return self.names[form].replace("-", "")
        return self.forms[form - len(self.names)]

    def find(self, key: str) -> list[int]:
        """The forms that may have this key (kind and text)."""
        value = crc32(key.encode())
        low = value & 0xFFFF
        value >>= 16
        fine = self._fine
        at = self._coarse[value >> 8] + fine[value]
        value += 1
        end = self._coarse[value >> 8] + fine[value] if value < 1 << 16 else self._keys
        lows = self._lows
        if end - at > 8:
            at = bisect_left(lows, low, at, end)
        found = []
        ids = self._ids
        while at < end and (here := lows[at]) <= low:
            if here == low:
                found.append(ids[at])
            at += 1
        return found

    def number(self, name: str) -> int | None:
        """The number of a known name (not of a module)."""
        for one in self.find("N" + name.replace("-", "")):
            if one < self.known and self.names[one] == name:
                return one
        return None
