"""What is known of files, in memory, and what is decided about them: afresh, from one moment to the next.

A file goes out only if every file of its release that was looked at, and of every release that it brings, is allowed.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

from stockade import limits
from stockade.act.gate.ports import Found
from stockade.decide.policy import Mode, Policy
from stockade.decide.waivers import Waiver
from stockade.model.decision import Allow, Ask, Block, Decision, Undetermined
from stockade.model.flow import Summary
from stockade.model.project import ArtifactRef, ProjectName, Release
from stockade.pipeline import NO_BYTES, Judged, Road, Seen, decided

#: How long a decision stands before it is made again, in seconds.
_MOMENT = 1.0
_RANK: dict[type, int] = {Block: 3, Undetermined: 2, Ask: 1, Allow: 0}

Key = tuple[str, str]


def key_of(ref: ArtifactRef) -> Key:
    """What a file is known by: its digest and name, or its address where the index gives no digest."""
    return (ref.sha256, ref.filename) if ref.sha256 else ("", ref.url)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided about one file. `about` is the file that decides it, which may be one that it brings."""

    decision: Decision
    about: Seen | None = None
    judged: Judged | None = None
    #: Where it is another release's fault: who brings whom, from the one that was asked for.
    way: tuple[Release, ...] = ()
    enforced: bool = True

    @property
    def passes(self) -> bool:
        """Whether the bytes may go out."""
        return isinstance(self.decision, Allow) or not self.enforced


@dataclass(slots=True)
class _Entry:
    files: dict[Key, Seen] = field(default_factory=dict)
    #: What it brought when it was last resolved, and the version at which that was learnt.
    brings: frozenset[Release] = frozenset()
    brought: int = 0


class Book:
    """Every release that was judged. `road` gives the rules in force; used by many threads."""

    def __init__(self, road: Callable[[], Road], clock: Callable[[], float] = time.monotonic) -> None:
        self._road, self._clock = road, clock
        self._entries: OrderedDict[Release, _Entry] = OrderedDict()
        self._by_key: dict[Key, Seen] = {}
        self._made: dict[Key, tuple[float, Policy, tuple[Waiver, ...], object, Judged]] = {}
        #: When files that could not be had were asked for.
        self._missed: dict[Key, float] = {}
        #: The version at which something was last learnt of a file, or forgotten.
        self._changed: dict[Key, int] = {}
        self._projects: dict[ProjectName, int] = {}
        self._lock = threading.RLock()
        #: Grows whenever something is learnt.
        self.version = 0

    def learn(self, found: Found, began: int | None = None, own: Collection[int] = ()) -> int:
        """Keep what came of a judgement that began at version `began` (None: now); what was learnt or forgotten of a
        file since then is newer, and stays, but for what the same judgement told before (at the versions `own`).
        The releases used least recently are forgotten beyond a bound. The version that it makes."""
        with self._lock:
            began = self.version if began is None else began
            self.version += 1
            for one in found.seen:
                changed = self._changed.get(key_of(one.ref), 0)
                if changed > began and changed not in own:
                    continue
                # Links were made already; what remains is small.
                self._projects[one.ref.release.name] = self.version
                slim = replace(one, findings=replace(one.findings, summary=Summary()))
                entry = self._entries.setdefault(one.ref.release, _Entry())
                for key in {key_of(one.ref), ("", one.ref.url)}:
                    entry.files[key] = self._by_key[key] = slim
                    self._changed[key] = self.version
                    self._made.pop(key, None)
                    self._missed.pop(key, None)
                    if slim.findings.sha256 == NO_BYTES:
                        self._missed[key] = self._clock()
                self._entries.move_to_end(one.ref.release)
            self._bring(found, began, own)
            while (
                max(len(self._by_key), len(self._entries)) > limits.MAX_GATE_KNOWN and len(self._entries) > 1
            ):
                _, old = self._entries.popitem(last=False)
                self._drop(old)
            if len(self._changed) > 2 * limits.MAX_GATE_KNOWN:
                self._changed = dict.fromkeys(self._by_key, self.version)
            return self.version

    def _bring(self, found: Found, began: int, own: Collection[int]) -> None:
        """What releases bring is what they brought last: else it would grow with each new release of what they need,
        and one that was forgotten would leave them without a verdict for good."""
        together: dict[Release, frozenset[Release]] = {}
        for release, brings in found.brings:
            together[release] = together.get(release, frozenset()) | brings
        for release, brings in together.items():
            entry = self._entries.setdefault(release, _Entry())
            if entry.brought <= began or entry.brought in own:
                entry.brings, entry.brought = brings, self.version

    def sha256(self, ref: ArtifactRef) -> str | None:
        """The digest of the bytes that were judged as `ref`; None where none were."""
        one = self._by_key.get(key_of(ref))
        return None if one is None else one.findings.sha256

    def knows(self, ref: ArtifactRef) -> bool:
        """Whether a file was judged."""
        return key_of(ref) in self._by_key

    def verdict(self, ref: ArtifactRef) -> Verdict | None:
        """What is decided about a file now; None where it has to be judged first."""
        with self._lock:
            own = self._by_key.get(key_of(ref))
            if own is None:
                return None
            road = self._road()
            worst: tuple[int, Verdict] | None = None
            # What an address names may turn out to be of another release than the address says.
            for way in self._closure(own.ref.release):
                entry = self._entries.get(way[-1])
                if entry is None:
                    return None  # forgotten meanwhile
                # Known by two keys, often. The file itself comes first: where all is well, it is its own exception, if
                # any, that lets it out.
                files = (own, *entry.files.values()) if not way[1:] else entry.files.values()
                for one in {id(one): one for one in files}.values():
                    if self._to_be_had_again(one):
                        return None
                    judged = self._decided(one, road)
                    rank = _RANK[type(judged.decision)]
                    if worst is None or rank > worst[0]:
                        worst = (
                            rank,
                            Verdict(
                                judged.decision,
                                one,
                                judged,
                                way[1:] and way,
                                road.policy.mode is not Mode.MONITOR,
                            ),
                        )
            return worst[1] if worst else None

    def own(self, ref: ArtifactRef) -> Judged | None:
        """What is decided about a file by itself; None where its bytes were not judged."""
        # Without the lock: pages of thousands of files ask for each, and nearly none was judged.
        one = self._by_key.get(key_of(ref))
        if one is None or one.findings.sha256 == NO_BYTES:
            return None
        with self._lock:
            return self._decided(one, self._road())

    def changed(self, name: ProjectName) -> int:
        """A number that is another one whenever something was learnt, or forgotten, of a file of the project."""
        return self._projects.get(name, 0)

    def _closure(self, start: Release) -> Iterator[tuple[Release, ...]]:
        """`start`, and every release that it brings, each with the way to it; the nearest first."""
        seen = {start}
        queue: list[tuple[Release, ...]] = [(start,)]
        for way in queue:
            yield way
            entry = self._entries.get(way[-1])
            for other in sorted(entry.brings if entry else ()):
                if other not in seen:
                    seen.add(other)
                    queue.append((*way, other))

    def _to_be_had_again(self, one: Seen) -> bool:
        """Whether a file could not be had, some time ago: a connection that broke once is no verdict for ever."""
        missed = self._missed.get(key_of(one.ref))
        return missed is not None and not 0 <= self._clock() - missed < limits.GATE_MISSED_SECONDS

    def _decided(self, one: Seen, road: Road) -> Judged:
        key, now, known = key_of(one.ref), self._clock(), road.advisories.token()
        made = self._made.get(key)
        # Rules that changed hold from this very request on; only the clock may lag, by a moment.
        if (
            made is None
            or not 0 <= now - made[0] < _MOMENT
            or made[1] != road.policy
            or made[2] != road.waivers
            or made[3] != known
        ):
            made = self._made[key] = (now, road.policy, road.waivers, known, decided(one, road))
        return made[4]

    def _drop(self, entry: _Entry) -> None:
        self._projects |= {one.ref.release.name: self.version for one in entry.files.values()}
        for key in entry.files:
            for kept in (self._by_key, self._made, self._missed):
                kept.pop(key, None)
