"""Finds markers in what was sent, however they are disguised: what cheap disguises hide is looked at first."""

from __future__ import annotations

import binascii
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from stockade import limits
from stockade.analyse.observed.facts import Carried
from stockade.analyse.observed.layers import layers
from stockade.analyse.observed.pieces import Piece, pieces
from stockade.model.evidence import Gap, GapKind
from stockade.model.observation import Decoy, Exchange


@dataclass(frozen=True, slots=True)
class _Needle:
    """A marker in one form: as it is (`data`), and what one byte that all of it is masked with does not change."""

    decoy: int
    data: bytes
    steps: bytes
    how: str


def sought(
    decoys: Sequence[Decoy], exchanges: Sequence[Exchange]
) -> tuple[tuple[Carried, ...], tuple[Gap, ...]]:
    """Every marker in every exchange, in its plainest disguise; and what was too much to look through."""
    search = _Search(decoys, exchanges)
    search.run()
    return search.found(), search.gaps()


_Layer = tuple[bytes, Piece]
#: Between two pieces that are searched together; no marker has it.
_GAP = bytes(8)


class _Search:
    def __init__(self, decoys: Sequence[Decoy], exchanges: Sequence[Exchange]) -> None:
        self._decoys, self._exchanges = decoys, exchanges
        self._plain = list(_plain(decoys))
        self._coded = [*self._plain, *_coded(decoys)]
        self._found: dict[tuple[int, str, int], str] = {}
        self._where: dict[int, set[int]] = {}
        self._room, self._left = limits.MAX_SOUGHT, limits.MAX_SOUGHT_LAYERS
        self._had: set[tuple[int, str, bytes]] = set()
        self._over = False

    def run(self) -> None:
        """All that takes one disguise to be undone before anything that takes two; the shortest first."""
        given = list(pieces(self._exchanges))
        level = [(one.data, one) for one in given if not one.together and self._new(one.data, one)]
        # What had to be put together first is one step further away.
        further = [(one.data, one) for one in given if one.together and self._new(one.data, one)]
        for depth in range(limits.MAX_SOUGHT_DEPTH + 1):
            level.sort(key=lambda one: len(one[0]))
            # Masked text is told by itself where it is text again; where the key is so small that it was text before,
            # it takes a look at each form, which is left to what is near.
            for batch in _batches(level):
                near = depth < 2 and len(batch[-1][0]) <= limits.MAX_SOUGHT_BODY
                self._look(batch, self._coded if near else self._plain)
            if depth < limits.MAX_SOUGHT_DEPTH:
                level = [*further, *self._inside(level)]
                further = []

    def _inside(self, level: Sequence[_Layer]) -> Iterator[_Layer]:
        """What the pieces of a level may hold inside."""
        for data, piece in level:
            for name, inside in layers(data, turned="reversed" in piece.how):
                made = replace(piece, data=b"", how=", ".join(filter(None, (piece.how, name))))
                if self._new(inside, made):
                    yield inside, made

    def _new(self, data: bytes, piece: Piece) -> bool:
        """Whether this was not seen yet, and there is room for it."""
        key = (piece.exchange, piece.part, data)
        if len(data) < limits.LEAST_MARKER or key in self._had:
            return False
        if len(data) > self._room or not self._left:
            self._over = True
            return False
        self._room -= len(data)
        self._left -= 1
        self._had.add(key)
        return True

    def _look(self, batch: Sequence[_Layer], needles: Sequence[_Needle]) -> None:
        """Search many pieces at once: what a search costs is mostly its beginning."""
        joined = _GAP.join(data for data, _ in batch)
        starts = list(accumulate((len(data) + len(_GAP) for data, _ in batch), initial=0))
        steps = _steps(joined)
        for one in needles:
            at = steps.find(one.steps)
            for _ in range(limits.MAX_SOUGHT_RUNS):
                if at < 0:
                    break
                piece = batch[bisect_right(starts, at) - 1][1]
                self._note(one, piece, "" if joined.startswith(one.data, at) else "XOR")
                at = steps.find(one.steps, at + 1)

    def _note(self, needle: _Needle, piece: Piece, mask: str) -> None:
        key = (piece.exchange, piece.part, needle.decoy)
        where = self._where.setdefault(needle.decoy, set())
        # What one of several carried whole, which is found before them together, was not split.
        if piece.together and not where.isdisjoint(piece.together):
            return
        where.add(piece.exchange)
        told = ", ".join(filter(None, (piece.how, mask, needle.how)))
        self._found.setdefault(key, told)

    def found(self) -> tuple[Carried, ...]:
        return tuple(
            Carried(exchange=self._exchanges[exchange], decoy=self._decoys[decoy], part=part, how=how)
            for (exchange, part, decoy), how in sorted(self._found.items())
        )

    def gaps(self) -> tuple[Gap, ...]:
        if not self._over:
            return ()
        why = "more was sent, in more disguises, than is looked through for decoys"
        return (Gap(kind=GapKind.LIMIT, what="what was sent", why=why),)


def _batches(level: Sequence[_Layer]) -> Iterator[list[_Layer]]:
    """Pieces in their order, so many that they are a megabyte together."""
    batch: list[_Layer] = []
    size = 0
    for one in level:
        batch.append(one)
        size += len(one[0])
        if size >= limits.MIB:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _steps(data: bytes) -> bytes:
    """Each byte XOR the one before it: the same whatever byte all of them are masked with."""
    size = len(data) - 1
    if size < 1:
        return b""
    number = int.from_bytes(data, "big")
    return ((number ^ (number >> 8)) & ((1 << 8 * size) - 1)).to_bytes(size, "big")


def _plain(decoys: Sequence[Decoy]) -> Iterator[_Needle]:
    for number, one in enumerate(decoys):
        for data, how in ((one.marker, ""), (one.marker[::-1], "reversed")):
            yield _Needle(number, data, _steps(data), how)


def _coded(decoys: Sequence[Decoy]) -> Iterator[_Needle]:
    """Markers in text encodings, as whoever masks the result sends them."""
    for number, one in enumerate(decoys):
        for how, data in _texts(one.marker):
            yield _Needle(number, data, _steps(data), how)
            yield _Needle(number, data[::-1], _steps(data[::-1]), f"reversed, {how}")


def _texts(marker: bytes) -> Iterator[tuple[str, bytes]]:
    yield "hex", binascii.hexlify(marker)
    yield "hex", binascii.hexlify(marker).upper()
    for before in range(3):
        made = binascii.b2a_base64(bytes(before) + marker, newline=False)
        # Letters that depend on nothing but the marker.
        inner = made[(0, 2, 3)[before] : (before + len(marker)) * 8 // 6]
        yield "base64", inner
        if b"+" in inner or b"/" in inner:
            yield "base64", inner.translate(bytes.maketrans(b"+/", b"-_"))
