"""Who judges, and in what order: each file once, however many ask for it; together what is asked for together.

An installer asks for all files of a closure within a moment; judged as one closure they cost one resolution.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from stockade import limits
from stockade.act.gate.book import Book, Key, Verdict, key_of
from stockade.act.gate.ports import Found, Judge
from stockade.model.decision import Undetermined
from stockade.model.project import ArtifactRef, Release

_CLOSING = "the gate is closing"
_log = logging.getLogger("stockade.gate")


@dataclass(slots=True)
class _Wish:
    """A file that somebody waits for, or (`early`) will probably ask for."""

    ref: ArtifactRef
    python: str | None
    done: asyncio.Future[str]
    early: bool = False
    #: Who asked for it; each of them may be the one for whom it is judged.
    clients: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Bench:
    """Judgements under way; belongs to one event loop."""

    judge: Judge
    book: Book
    #: Whether all that is asked for is for one installation, so that it tells which versions that takes.
    single: bool = False
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(limits.GATE_BENCHES, thread_name_prefix="judge")
    )
    _wanted: dict[Key, _Wish] = field(default_factory=dict)
    _under_way: dict[Key, _Wish] = field(default_factory=dict)
    _timer: asyncio.TimerHandle | None = None
    #: Whether it waits for a pause of the clients.
    _unhurried: bool = False
    _busy: int = 0
    _closed: bool = False
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    #: For how many judgements under way a client stands.
    _held: Counter[str] = field(default_factory=Counter)
    #: What nobody asked for, the look-out for a quiet moment, and when somebody last asked for something.
    _later: dict[Key, tuple[ArtifactRef, str | None]] = field(default_factory=dict)
    _quiet: asyncio.TimerHandle | None = None
    _asked: float = 0.0
    #: The releases that anything was asked of, each with a file of it; those that are judged beside others just now.
    _taken: dict[Release, ArtifactRef] = field(default_factory=dict)
    _covered: set[Release] = field(default_factory=set)

    async def verdict(self, ref: ArtifactRef, python: str | None, client: str = "") -> Verdict:
        """What is decided about a file, judged first if it wasn't; what cannot be judged is undetermined."""
        self._noted(ref)
        found = self.book.verdict(ref)
        if found is not None:
            return found
        if self._closed:
            return Verdict(Undetermined((_CLOSING,)))
        why = await asyncio.shield(self._wish(ref, python, client, early=False).done)
        found = self.book.verdict(ref)
        if found is not None:
            return found
        return Verdict(Undetermined((why or "Stockade failed to judge it",)))

    def foresee(self, ref: ArtifactRef, python: str | None, client: str = "") -> None:
        """Judge a file before it is asked for, if nobody waits for another."""
        self._noted(ref)
        if len(self._wanted) < limits.GATE_BENCHES and self.book.verdict(ref) is None:
            self._wish(ref, python, client, early=True)

    def behind(self, ref: ArtifactRef, python: str | None) -> None:
        """Judge a file that nobody asked for, once nobody has asked for anything for a while."""
        if len(self._later) < limits.MAX_GATE_WAITING and not self.book.knows(ref):
            self._later.setdefault(key_of(ref), (ref, python))
            self._look_out(limits.GATE_QUIET_SECONDS)

    def close(self) -> None:
        """Stop; whoever waits hears that nothing was judged."""
        self._closed = True
        for timer in (self._timer, self._quiet):
            if timer is not None:
                timer.cancel()
        self._later.clear()
        for wish in (*self._wanted.values(), *self._under_way.values()):
            if not wish.done.done():
                wish.done.set_result(_CLOSING)
        self._wanted.clear()
        self.threads.shutdown(wait=False, cancel_futures=True)

    def _noted(self, ref: ArtifactRef) -> None:
        self._asked = asyncio.get_running_loop().time()
        if self.single and len(self._taken) < limits.MAX_CLOSURE:
            self._taken[ref.release] = ref

    def _wish(self, ref: ArtifactRef, python: str | None, client: str, *, early: bool) -> _Wish:
        key = key_of(ref)
        wish = self._under_way.get(key) or self._wanted.get(key)
        if wish is None:
            future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            wish = self._wanted[key] = _Wish(ref, python, future, early)
        wish.early = wish.early and early
        wish.clients.add(client)
        self._soon()
        return wish

    def _look_out(self, seconds: float) -> None:
        if self._quiet is None and self._later:
            self._quiet = asyncio.get_running_loop().call_later(seconds, self._if_quiet)

    def _if_quiet(self) -> None:
        """Wish for the next of what nobody asked for, if it is quiet."""
        self._quiet = None
        since = asyncio.get_running_loop().time() - self._asked
        if self._busy or self._wanted or since < limits.GATE_QUIET_SECONDS:
            self._look_out(max(limits.GATE_QUIET_SECONDS - since, limits.GATE_GATHER_SECONDS))
            return
        ref, python = self._later.pop(next(iter(self._later)))
        if not self.book.knows(ref):
            self._wish(ref, python, "", early=True)
        self._look_out(limits.GATE_GATHER_SECONDS)

    def _soon(self) -> None:
        early = self._nobody_waits()
        if self._timer is not None and self._unhurried and not early:
            self._timer.cancel()
            self._timer = None
        idle = not self._busy or not early
        if self._timer is None and self._wanted and idle and self._busy < limits.GATE_BENCHES:
            loop = asyncio.get_running_loop()
            # While a client goes on asking, what it needs first is an answer.
            quiet = self._asked + limits.GATE_EARLY_SECONDS - loop.time() if early else 0.0
            self._timer = loop.call_later(max(limits.GATE_GATHER_SECONDS, quiet), self._start)
            self._unhurried = early

    def _nobody_waits(self) -> bool:
        return all(one.early for one in self._wanted.values())

    def _start(self) -> None:
        self._timer = None
        since = asyncio.get_running_loop().time() - self._asked
        if self._nobody_waits() and since < limits.GATE_EARLY_SECONDS:
            self._soon()
            return
        for early in (False, True) if not self._busy else (False,):
            client, batch = self._next(
                [
                    one
                    for one in self._wanted.values()
                    if one.early is early and one.ref.release not in self._covered
                ]
            )
            if batch:
                # What nobody waits for is judged one by one, so that it never holds up what somebody does.
                batch = batch[:1] if early else batch
                break
        else:
            return
        for wish in batch:
            self._under_way[key_of(wish.ref)] = self._wanted.pop(key_of(wish.ref))
        self._busy += 1
        self._held[client] += 1
        task = asyncio.get_running_loop().create_task(self._judged(batch, client))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        self._soon()

    def _next(self, wishes: Sequence[_Wish]) -> tuple[str, list[_Wish]]:
        """What is judged next, and for whom: together what one client asked for, of whom the first that is within its
        share. What waits for an index then holds up nobody else."""
        for client in dict.fromkeys(one for wish in wishes for one in sorted(wish.clients)):
            if self._held[client] < limits.GATE_BENCHES_EACH:
                return client, _together([one for one in wishes if client in one.clients])
        return "", []

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (why := task.exception()) is not None:
            _log.error("a judgement failed", exc_info=why)

    async def _judged(self, batch: list[_Wish], client: str) -> None:
        refs, python = [wish.ref for wish in batch], batch[0].python
        failed: dict[Key, str] = {}
        also: dict[Release, ArtifactRef] = {}
        began, own = self.book.version, list[int]()
        loop = asyncio.get_running_loop()

        def told(part: Found) -> None:
            own.append(self.book.learn(part, began, own))
            loop.call_soon_threadsafe(self._told, batch)

        try:
            # Each release once, however many judgements are under way.
            mine = {ref.release for ref in refs}
            also = {
                release: ref
                for release, ref in self._taken.items()
                if release not in self._covered | mine and not self.book.knows(ref)
            }
            self._covered |= also.keys()
            work = partial(
                self.judge.judge,
                refs,
                python,
                beside=dict(self._taken),
                also=tuple(also.values()),
                told=told,
            )
            found = await loop.run_in_executor(self.threads, work)
            self.book.learn(found, began, own)
            failed = {key_of(ref): why for ref, why in found.failed}
        finally:  # whatever broke, nothing goes out, and whoever waits hears of it
            self._busy -= 1
            self._held[client] -= 1
            self._held += Counter()  # those who hold nothing are forgotten
            self._covered -= also.keys()
            for wish in batch:
                key = key_of(wish.ref)
                self._under_way.pop(key, None)
                if not wish.done.done():
                    wish.done.set_result(failed.get(key, ""))
            self._soon()
        self._let_go(self._wanted.values())

    def _told(self, batch: Iterable[_Wish]) -> None:
        """Let go who waits for what stands already, while the rest is still judged."""
        self._let_go((*batch, *self._wanted.values()))

    def _let_go(self, wishes: Iterable[_Wish]) -> None:
        for wish in list(wishes):
            if not wish.done.done() and self.book.verdict(wish.ref) is not None:
                wish.done.set_result("")
                self._wanted.pop(key_of(wish.ref), None)


def _together(wishes: Sequence[_Wish]) -> list[_Wish]:
    """What can be resolved as one: for the Python of the first, and of each project one version."""
    chosen: list[_Wish] = []
    versions: dict[str, str] = {}
    for wish in wishes:
        release = wish.ref.release
        if (
            wish.python == wishes[0].python
            and versions.setdefault(release.name, release.version) == release.version
        ):
            chosen.append(wish)
    return chosen
