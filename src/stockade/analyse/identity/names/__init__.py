"""Is a name made to be taken for a better known one? Offline, some microseconds a name, from the name alone.

A name that is known itself (one of the most downloaded) accuses nobody and is accused of nothing: a well-known project
is no squat of its neighbour. Of any other it is said which known names it may be taken for, by which slip or trick, and
how much better known those are. What accuses is the asymmetry: that nobody downloads the one and everybody the other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stockade.analyse.identity.names.confusables import folded
from stockade.analyse.identity.names.score import ACCUSED, log_odds, probability
from stockade.analyse.identity.names.search import ways
from stockade.analyse.identity.names.table import Table
from stockade.limits import MAX_LOOKALIKES, MAX_NAME, MAX_NAME_ASKED

#: Log-odds from which a name that doesn't exist is taken for a slip of a known one: nobody is accused by that.
_MEANT = -4.0
#: A way that is less likely than the likeliest by so much isn't told.
_NEARLY = 0.7
_DELIMITERS = re.compile(r"[-_.\s]+")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_FOREIGN = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """A known name that another may be taken for. `score` in (0, 1), from 0.5 on an accusation; `downloads` a month of
    the known one, None for a module of the standard library."""

    target: str
    mechanisms: tuple[str, ...]
    score: float
    downloads: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the table says of a name: whether it is on the list, its downloads a month (None: fewer than the list's last
    count), and what it may be taken for, the likeliest first."""

    name: str
    known: bool
    downloads: int | None
    lookalikes: tuple[Lookalike, ...]


class Names:
    """Questions to a table of known names."""

    def __init__(self, data: memoryview) -> None:
        """Raises BadReference (see Table)."""
        self.table = Table(data)

    @property
    def date(self) -> str:
        """When the counts were taken, in words."""
        return self.table.date

    @property
    def known(self) -> int:
        """How many names are known."""
        return self.table.known

    @property
    def fewer(self) -> int:
        """Whoever is not on the list has fewer downloads a month than this: its last count, to the next hundred."""
        return -(-self.table.floor // 100) * 100

    def rank(self, name: str) -> int | None:
        """The place of a normalised name on the list, from 1; None where it is not on it."""
        number = self.table.number(name)
        return None if number is None else number + 1

    def about(self, raw: str) -> About:
        """What there is to say of a name as somebody wrote it; it need not be one (PEP 508)."""
        name, strange = normal(raw)
        number = self.table.number(name) if name else None
        if number is not None and not strange:
            return About(name=name, known=True, downloads=self.table.downloads(number), lookalikes=())
        if number is not None:
            downloads = self.table.downloads(number)
            same = Lookalike(target=name, mechanisms=("homoglyph",), score=0.999, downloads=downloads)
            return About(name=raw[:MAX_NAME_ASKED], known=False, downloads=None, lookalikes=(same,))
        found = self._lookalikes(name, ("homoglyph",) if strange else ())
        shown = raw[:MAX_NAME_ASKED] if strange else name
        return About(name=shown, known=False, downloads=None, lookalikes=found)

    def downloads(self, name: str) -> int | None:
        """Downloads a month of a normalised name; None where it is not on the list."""
        number = self.table.number(name)
        return None if number is None else self.table.downloads(number)

    def meant(self, name: str) -> Lookalike | None:
        """The known project that a person who typed a name that doesn't exist most likely meant, or None."""
        found = self._lookalikes(name, (), least=_MEANT)
        return next((one for one in found if one.downloads is not None), None)

    def _lookalikes(
        self, name: str, before: tuple[str, ...], *, least: float = ACCUSED
    ) -> tuple[Lookalike, ...]:
        if not 1 < len(name) <= MAX_NAME:
            return ()
        table = self.table
        found: dict[int, list[tuple[float, tuple[str, ...]]]] = {}
        for way in ways(table, name):
            odds = log_odds(table, way)
            if odds >= least:
                found.setdefault(way.number, []).append((odds, way.mechanisms))
        ranked = sorted((max(kept)[0] * -1, number) for number, kept in found.items())
        return tuple(
            Lookalike(
                target=table.names[number],
                mechanisms=(*before, *_mechanisms(found[number])),
                score=probability(-odds),
                downloads=table.downloads(number),
            )
            for odds, number in ranked[:MAX_LOOKALIKES]
        )


def _mechanisms(found: list[tuple[float, tuple[str, ...]]]) -> tuple[str, ...]:
    """Those of the likeliest way, and of others that are nearly as likely."""
    found.sort(key=lambda one: -one[0])
    return tuple(dict.fromkeys(one for odds, way in found if odds > found[0][0] - _NEARLY for one in way))


def normal(raw: str) -> tuple[str, bool]:
    """(`raw` as ASCII and by PEP 503, whether it had anything that is not ASCII)."""
    strange = not raw.isascii()
    text = folded(raw[: 4 * MAX_NAME]) if strange else raw[: 4 * MAX_NAME]
    name = _DELIMITERS.sub("-", text.lower()).strip("-")
    return _FOREIGN.sub("", name), strange


def valid(raw: str) -> str:
    """Why `raw` is no name that anybody could look up; "" where it is one, or looks like one to a reader."""
    if not raw:
        return "it is empty"
    if len(raw) > MAX_NAME_ASKED:
        return f"it is longer than {MAX_NAME_ASKED} characters"
    if raw.isascii():
        return "" if _NAME.fullmatch(raw) else "letters, digits, and - _ . between them make one"
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in raw):
        return "it has control characters"
    return "" if not any(char.isspace() for char in raw) else "it has spaces"
