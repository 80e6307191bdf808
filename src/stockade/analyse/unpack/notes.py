"""What is noticed while an archive is read: oddities, gaps, and how much has been spent."""

from __future__ import annotations

from collections import Counter

from stockade import limits
from stockade.analyse.unpack.facts import Odd, Oddity
from stockade.model.evidence import Gap, GapKind


class UnreadableError(Exception):
    """Reading must end here; the message is the `why` of a gap. Never leaves this folder."""


class BoundError(UnreadableError):
    """Reading ends here though other readers would go on: a bound, encryption, an unsupported method."""


class SpentError(BoundError):
    """The whole artifact is out of proportion; nothing more of it is read."""


class Notes:
    """Collects oddities and gaps, each kind up to a bound, and keeps count of members and bytes unpacked.

    `place` is the archive inside the archive that is being read, "" for the outermost; paths count from it.
    """

    def __init__(self, name: str = "", packed: int = limits.MAX_ARTIFACT) -> None:
        """`name` is what gaps of the outermost archive itself are named by, `packed` its size in bytes."""
        self._allowed = min(limits.MAX_UNPACKED, max(limits.MAX_TOTAL_FLOOR, packed * limits.MAX_RATIO))
        self._name = name
        self.place = ""
        self._oddities: list[Oddity] = []
        self._gaps: list[Gap] = []
        self._seen: Counter[Odd] = Counter()
        self._more: Counter[GapKind] = Counter()
        self._members = 0
        self._names = 0
        self._unpacked = 0

    def odd(self, odd: Odd, member: str, detail: str) -> None:
        """Note an oddity of `member` ("" for the file itself); `detail` is one sentence."""
        self._seen[odd] += 1
        if self._seen[odd] <= limits.MAX_ODDITIES:
            cut = detail[: limits.MAX_EXCERPT]
            shown = self.shown(member)
            self._oddities.append(Oddity(odd=odd, member=shown, detail=cut, nested=bool(self.place)))

    def shown(self, member: str) -> str:
        """`member` with the archive around it, as Member.shown has it."""
        both = f"{self.place}!{member}" if self.place and member else self.place or member
        return both[: limits.MAX_PATH]

    def limit(self, what: str, why: str) -> None:
        """Note that `what` was not looked at because of a bound, damage or encryption."""
        self._gap(GapKind.LIMIT, what, why)

    def scope(self, what: str, why: str) -> None:
        """Note that `what` is of a kind that is not analysed."""
        self._gap(GapKind.SCOPE, what, why)

    def _gap(self, kind: GapKind, what: str, why: str) -> None:
        self._more[kind] += 1
        if self._more[kind] <= limits.MAX_GAPS:
            self._gaps.append(Gap(kind=kind, what=self.shown(what) or self._name, why=why))

    def count(self, path: str) -> None:
        """One more member; raises SpentError past limits.MAX_MEMBERS, or MAX_NAMES for all paths together."""
        self._members += 1
        self._names += len(path)
        if self._names > limits.MAX_NAMES:
            raise SpentError(f"its members' names are longer than {limits.MAX_NAMES >> 20} MiB together")
        if self._members > limits.MAX_MEMBERS:
            raise SpentError(f"it holds more than {limits.MAX_MEMBERS} members")

    def spend(self, size: int) -> None:
        """`size` more bytes came out of a decompressor; raises SpentError past what is in proportion."""
        self._unpacked += size
        if self._unpacked > self._allowed:
            raise SpentError(f"it unpacks to more than {self._allowed >> 20} MiB in all: a bomb")

    @property
    def oddities(self) -> tuple[Oddity, ...]:
        """All that was noted, the first limits.MAX_ODDITIES of each kind."""
        return tuple(self._oddities)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps, and where there were too many one that says how many more."""
        more = [
            Gap(kind=kind, what=self._name, why=f"{count - limits.MAX_GAPS} more members could not be read")
            for kind, count in self._more.items()
            if count > limits.MAX_GAPS
        ]
        return (*self._gaps, *more)
