"""The timeline of a detonation as a drawing: SVG inside of the page, no script; a browser tells what is pointed at.

Time runs from left to right, but each thing that was run is given some width, however short it was: most of a
detonation is waiting.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stockade.act.report.observed import (
    STAGES,
    Chapter,
    DetonationReport,
    Moment,
    Weight,
    chapters,
    ended,
    spans,
)
from stockade.act.report.page import said
from stockade.model.observation import Ran

DRAWING_STYLE = """
.drawing { overflow-x: auto; margin: 1rem 0 .4rem; } .drawing svg { min-width: 46rem; width: 100%; display: block; }
svg text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: var(--ink); } svg .dim { fill: var(--dim); }
svg .lane { stroke: var(--line); } svg .band { fill: var(--soft); } svg .band.odd { fill: none; }
svg .ran { fill: var(--link); opacity: .55; } svg .ran.bad { fill: var(--ask); opacity: .8; }
svg .quiet { fill: var(--dim); opacity: .55; } svg .did { fill: var(--link); }
svg .network { fill: var(--undetermined); }
svg .decoy { fill: var(--ask); } svg .proof { fill: var(--block); } svg .fall { stroke: var(--block); opacity: .5; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; color: var(--dim); font-size: .85em; margin: 0; }
.legend svg { width: 10px; min-width: 0; height: 10px; display: inline-block; margin-right: .35em; }
"""
#: Lanes from top to bottom: what they are called, and the kinds of moments in them.
_LANES: Sequence[tuple[str, frozenset[str]]] = (
    ("files read", frozenset({"read"})),
    ("files changed", frozenset({"write"})),
    ("programs", frozenset({"execute", "process"})),
    ("network", frozenset({"connect", "send", "dns", "http", "https", "smtp", "tcp", "udp"})),
)
_LEGEND = (
    ("quiet", "read, or a process"),
    ("did", "wrote, or ran a program"),
    ("network", "went to the network"),
    ("decoy", "opened a decoy"),
    ("proof", "carried a decoy out"),
)
#: The drawing's width, that of the lanes' names, heights of what stands above the lanes and of a lane.
_WIDTH, _LEFT, _RIGHT, _TOP, _LANE = 1000, 104, 12, 62, 38
#: The least width of a thing that was run, that of a stage's word, of a mark, and moments that one mark tells of.
_LEAST, _WORD, _MARK, _TOLD = 14.0, 84.0, 5, 6


@dataclass(frozen=True, slots=True)
class _Axis:
    """Seconds to places: straight between `seconds`, at which `places` stand."""

    seconds: Sequence[float]
    places: Sequence[float]

    def at(self, moment: float) -> float:
        number = min(max(bisect_right(self.seconds, moment), 1), len(self.seconds) - 1)
        before, after = self.seconds[number - 1], self.seconds[number]
        share = (moment - before) / (after - before) if after > before else 0.0
        left, right = self.places[number - 1], self.places[number]
        return left + (right - left) * min(max(share, 0.0), 1.0)


def drawing(report: DetonationReport) -> Iterator[str]:
    """The drawing, with what its colours mean below."""
    every = chapters(report)
    axis = _axis(every, spans(report))
    height = _TOP + _LANE * len(_LANES) + 28
    what = "What was done and seen, from left to right; the same stands below in words."
    yield f'<div class="drawing"><svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{what}">'
    yield from _bands(every, axis, height)
    yield from _lanes()
    yield from _runs(every, axis)
    for number, (_, kinds) in enumerate(_LANES):
        middle = _TOP + _LANE * number + _LANE / 2
        held = [one for each in every for one in each.moments if one.kind in kinds]
        yield from _marks(held, axis, middle)
    yield "</svg></div>"
    yield '<p class="legend">'
    for style, means in _LEGEND:
        mark = f'<svg viewBox="0 0 10 10" aria-hidden="true"><rect class="{style}" width="10" height="10"/></svg>'
        yield f"<span>{mark}{means}</span>"
    yield "</p>"


def _axis(every: Sequence[Chapter], end: float) -> _Axis:
    """An axis on which each thing that was run has at least `_LEAST`, as far as there is room."""
    runs = [one.ran for one in every if one.ran is not None]
    edges = sorted({0.0, end, *(one.seconds for one in runs), *(one.seconds + one.took for one in runs)})
    room = float(_WIDTH - _LEFT - _RIGHT)
    least = [_least(left, right, runs) for left, right in pairwise(edges)]
    scale = min(1.0, room * 0.7 / sum(least)) if sum(least) else 1.0
    free = room - sum(least) * scale
    places = [float(_LEFT)]
    for (left, right), width in zip(pairwise(edges), least, strict=True):
        places.append(places[-1] + width * scale + free * (right - left) / (edges[-1] - edges[0]))
    return _Axis(edges, places)


def _least(left: float, right: float, runs: Sequence[Ran]) -> float:
    within = [one for one in runs if one.seconds <= left and right <= one.seconds + one.took]
    if not within:
        return 2.0
    # A stage of one short thing must still have room for its word.
    alone = sum(one.stage is within[0].stage for one in runs) == 1
    return _WORD if alone else _LEAST


def _bands(every: Sequence[Chapter], axis: _Axis, height: int) -> Iterator[str]:
    """A band behind each stage, with its word on top and its start below."""
    stages = list(dict.fromkeys(one.stage for one in every if one.ran))
    for number, stage in enumerate(stages):
        runs = [one.ran for one in every if one.stage is stage and one.ran]
        left, right = axis.at(runs[0].seconds), axis.at(runs[-1].seconds + runs[-1].took)
        style = "band odd" if number % 2 else "band"
        yield f'<rect class="{style}" x="{left:.1f}" y="4" width="{right - left:.1f}" height="{height - 26}"/>'
        yield f'<text x="{left + 4:.1f}" y="19">{STAGES[stage]}</text>'
        yield f'<text class="dim" x="{left + 4:.1f}" y="{height - 7}">{runs[0].seconds:.1f} s</text>'


def _lanes() -> Iterator[str]:
    for number, (name, _) in enumerate((("run", None), *_LANES)):
        middle = _TOP + _LANE * (number - 1) + _LANE / 2 + (2 if number == 0 else 0)
        if number:
            edges = f'x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{middle}" y2="{middle}"'
            yield f'<line class="lane" {edges}/>'
        yield f'<text class="dim" x="{_LEFT - 10}" y="{middle + 4}" text-anchor="end">{name}</text>'


def _runs(every: Sequence[Chapter], axis: _Axis) -> Iterator[str]:
    for one in every:
        if one.ran is None:
            continue
        left = axis.at(one.ran.seconds)
        width = max(2.0, axis.at(one.ran.seconds + one.ran.took) - left - 1)
        style = "ran" if one.ran.code == 0 else "ran bad"
        title = said(f"{one.ran.what}: {ended(one.ran)}, {one.ran.took:.1f} s")
        place = f'x="{left:.1f}" y="{_TOP - 24}" width="{width:.1f}" height="14" rx="2"'
        yield f'<rect class="{style}" {place}><title>{title}</title></rect>'


def _marks(held: Sequence[Moment], axis: _Axis, middle: float) -> Iterator[str]:
    """A mark for all moments that lie close together, the weightiest last and on top of the others."""
    columns: dict[tuple[Weight, int], list[Moment]] = {}
    for one in held:
        columns.setdefault((one.weight, round(axis.at(one.seconds) / _MARK)), []).append(one)
    order = list(Weight)
    for (weight, column), group in sorted(
        columns.items(), key=lambda one: (-order.index(one[0][0]), one[0][1])
    ):
        # One alone is small, hundreds fill the lane.
        tall = min(_LANE - 8.0, 8.0 + 2.0 * len(group)) if weight is not Weight.PROOF else _LANE - 8.0
        place = (
            f'x="{column * _MARK - 2}" y="{middle - tall / 2:.1f}" width="{_MARK - 1}" height="{tall:.1f}"'
        )
        yield f'<rect class="{weight}" {place}><title>{_title(group)}</title></rect>'
        if weight is Weight.PROOF:
            x = column * _MARK
            yield f'<line class="fall" x1="{x}" x2="{x}" y1="{_TOP - 10}" y2="{middle - tall / 2:.1f}"/>'


def _title(group: Sequence[Moment]) -> str:
    told = [
        said(f"{one.seconds:.1f} s {one.kind} {one.what} {one.note}".rstrip(), 200) for one in group[:_TOLD]
    ]
    more = [f"and {len(group) - _TOLD:,} more"] if len(group) > _TOLD else []
    return "\n".join([*told, *more])
