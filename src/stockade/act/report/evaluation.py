"""How well does it detect? Recall by cluster, false alarms by archive, what each detector adds, and speed.

Method (docs/benchmarks.md): an archive counts as caught only if the action is ``block``; errors and time-outs
are misses among the malicious and alarms among the benign. Each cluster of look-alike archives weighs one, since
ten of them hold most of the archives. Intervals are exact (Clopper and Pearson 1934), at 95 %.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

#: Clusters *first* listed from this day on are "later" (docs/benchmarks.md: fit on earlier, test on later).
LATER = "2024-08"
#: Archives of up to this many bytes count as small in the median time.
SMALL = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One archive of a labelled corpus with what became of it.

    `cluster` is its own name where the corpus gives none; `listed` the day it was listed ("" if unknown);
    `features` are what the judge sees (``detector``, ``detector@phase``), sorted, and `places` the same file by file;
    `size` in bytes, `seconds` the worker's processor time, `action` one of the four words.
    """

    path: str
    malicious: bool
    cluster: str
    listed: str = ""
    action: str
    score: float
    features: tuple[str, ...]
    size: int
    source_bytes: int = 0
    parsed_bytes: int = 0
    seconds: float = 0.0
    places: tuple[tuple[str, ...], ...] = ()

    @property
    def detectors(self) -> frozenset[str]:
        """The detectors that spoke, whatever the phase."""
        return frozenset(one.partition("@")[0] for one in self.features)


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`, where hits may be fractional (a cluster half caught)."""

    hits: float
    total: int

    @property
    def interval(self) -> tuple[float, float]:
        """Clopper-Pearson at 95 %, of the hits rounded down for the lower and up for the upper end."""
        if not self.total:
            return 0.0, 1.0
        return _lower(math.floor(self.hits), self.total), 1 - _lower(
            self.total - math.ceil(self.hits), self.total
        )

    def __str__(self) -> str:
        if not self.total:
            return "none"
        low, high = self.interval
        return f"{100 * self.hits / self.total:5.1f} % of {self.total} (95 %: {100 * low:.1f} to {100 * high:.1f})"


def _lower(hits: int, total: int) -> float:
    """The smallest probability that gives `hits` or more of `total` with 2.5 %, by bisection."""
    if hits == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_least(hits, total, middle) > 0.025:
            high = middle
        else:
            low = middle
    return low


def _at_least(hits: int, total: int, chance: float) -> float:
    """P(X >= hits) for a binomial X."""
    if chance <= 0 or chance >= 1:
        return float(chance >= 1 or hits == 0)
    logs = math.log(chance), math.log1p(-chance)
    choose = math.lgamma(total + 1)
    return math.fsum(
        math.exp(
            choose - math.lgamma(k + 1) - math.lgamma(total - k + 1) + k * logs[0] + (total - k) * logs[1]
        )
        for k in range(hits, total + 1)
    )


def recall(cases: Iterable[Case], caught: frozenset[str]) -> Share:
    """Clusters caught: each counts by the share of its archives whose action is in `caught`."""
    clusters: dict[str, list[bool]] = defaultdict(list)
    for case in cases:
        clusters[case.cluster].append(case.action in caught)
    return Share(math.fsum(sum(hits) / len(hits) for hits in clusters.values()), len(clusters))


def later(cases: Sequence[Case]) -> list[Case]:
    """The archives of clusters of which none was listed before LATER."""
    first: dict[str, str] = {}
    for case in cases:
        first[case.cluster] = min(first.get(case.cluster, case.listed), case.listed)
    return [case for case in cases if first[case.cluster] >= LATER]


def alarms(cases: Sequence[Case], alarmed: frozenset[str]) -> Share:
    """Archives whose action is in `alarmed`."""
    return Share(sum(case.action in alarmed for case in cases), len(cases))


#: What counts as caught, and as an alarm; undetermined counts against us on both sides.
BLOCK, ASK = frozenset({"block"}), frozenset({"block", "ask"})
BLOCK_ALARM, ASK_ALARM = BLOCK | {"undetermined"}, ASK | {"undetermined"}


def summary(
    cases: Sequence[Case],
    *,
    peak_bytes: int = 0,
    wall: float = 0.0,
    doubted: Callable[[Case], bool] | None = None,
) -> str:
    """The whole evaluation as text: recall, alarms, speed, then a line a detector.

    `doubted` says which malicious archives have a label that is believed wrong: recall is given without them too.
    """
    bad = [case for case in cases if case.malicious]
    good = [case for case in cases if not case.malicious]
    lines = [_row("archives", f"{len(bad)} malicious, {len(good)} benign")]
    if bad:
        lines += _recalls(bad)
    sure = [case for case in bad if doubted is None or not doubted(case)]
    if sure and len(sure) < len(bad):
        lines += [f"without {len(bad) - len(sure)} malicious archives whose label is believed wrong:"]
        lines += _recalls(sure)
    if good:
        lines += [
            _row("benign blocked", alarms(good, BLOCK_ALARM)),
            _row("benign at ask", alarms(good, ASK_ALARM)),
        ]
    lines += speed(good or bad, cases, peak_bytes, wall)
    return "\n".join([*lines, "", *detector_table(cases)]) + "\n"


def _recalls(bad: Sequence[Case]) -> list[str]:
    new = later(bad)
    return [
        _row("clusters blocked", recall(bad, BLOCK)),
        _row(f"  first listed {LATER} on", recall(new, BLOCK)),
        _row("clusters at ask", recall(bad, ASK)),
        _row(f"  first listed {LATER} on", recall(new, ASK)),
    ]


def _row(name: str, value: object) -> str:
    return f"{name:25} {value}"


def speed(main: Sequence[Case], cases: Sequence[Case], peak_bytes: int, wall: float) -> list[str]:
    """Throughput over `main`, the median time of small archives among `cases`, and the largest worker."""
    seconds = math.fsum(case.seconds for case in main)
    source = sum(case.source_bytes for case in main)
    parsed = sum(case.parsed_bytes for case in main)
    small = [case.seconds for case in cases if case.size <= SMALL]
    lines = []
    if seconds and source:
        lines.append(
            _row("Python source a core", f"{source / seconds / 1e6:.1f} MB/s")
            + f" ({source / 1e6:.0f} MB in {seconds:.1f} s of processor time; {100 * parsed / source:.0f} % parsed)"
        )
    if small:
        middle = 1000 * median(small)
        lines.append(_row("small archives", f"{middle:.1f} ms median ({len(small)} up to {SMALL} bytes)"))
    if peak_bytes:
        lines.append(_row("largest worker", f"{peak_bytes / 1e6:.0f} MB"))
    if wall:
        lines.append(_row("wall clock", f"{wall:.1f} s for {len(cases)} archives"))
    return lines


def detector_table(cases: Sequence[Case]) -> list[str]:
    """For each detector: clusters it speaks in, those where it alone speaks, benign archives, precision.

    Precision weighs a cluster and a benign archive alike.
    """
    clusters: dict[str, set[str]] = defaultdict(set)
    alone: dict[str, set[str]] = defaultdict(set)
    benign: Counter[str] = Counter()
    for case in cases:
        for name in case.detectors:
            if case.malicious:
                clusters[name].add(case.cluster)
                if len(case.detectors) == 1:
                    alone[name].add(case.cluster)
            else:
                benign[name] += 1
    rows = [f"{'detector':32} clusters  alone  benign  precision"]
    for name in sorted(clusters.keys() | benign.keys(), key=lambda name: (-len(clusters[name]), name)):
        hits = len(clusters[name])
        share = hits / (hits + benign[name])
        rows.append(f"{name:32} {hits:8} {len(alone[name]):6} {benign[name]:7}  {share:9.3f}")
    return rows
