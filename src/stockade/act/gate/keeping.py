"""The gate's memory that outlives it: decisions, who got which bytes, and what nobody gets any more.

A condemnation stands from the moment it is written, in whatever process on the same store; then everyone who already
got those bytes is named. One from before this gate began is looked at with today's rules: what they allow is absolved.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from stockade import limits
from stockade.acquire.index.credentials import shown_url
from stockade.act.gate.record import Event
from stockade.decide.decide import WAIVED
from stockade.errors import StockadeError
from stockade.model.assessment import Flagged
from stockade.model.decision import Allow, Block, action
from stockade.model.project import Digest
from stockade.model.record import Condemnation, Decided, Delivery
from stockade.model.sighting import CommandRun
from stockade.remember.durable.store import Durable
from stockade.remember.journal import Journal
from stockade.remember.quarantine import Quarantine

_log = logging.getLogger("stockade.gate")


class Says(Protocol):
    """Hears a sentence that a person should read at once."""

    def __call__(self, text: str, /) -> None: ...


class Keeper:
    """A Recorder over the durable store. `run` names this gate's life, `fingerprint` its analyser; `says` hears who
    already got what is condemned; `where` tells where bytes lie on this machine."""

    def __init__(
        self,
        durable: Durable,
        quarantine: Quarantine,
        *,
        run: str,
        fingerprint: str,
        says: Says,
        where: Callable[[Digest], Path | None],
        journal: Journal | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._durable, self._quarantine, self._journal = durable, quarantine, journal
        self._run, self._fingerprint, self._says, self._clock = run, fingerprint, says, clock
        self._where = where
        self._began = clock()
        self._condemned: set[tuple[str, str]] = set()
        self._given: dict[tuple[str, str], Event] = {}
        self._lock = threading.Lock()
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="keeper")

    @property
    def trouble(self) -> str:
        """Why nothing can be written down at the moment; "" where it can."""
        if not self._durable.healthy:
            return "the gate's store cannot be written"
        return "" if self._journal is None or self._journal.healthy else "the gate's log cannot be written"

    @property
    def given(self) -> tuple[Event, ...]:
        """The files that went out in this gate's life, each once."""
        with self._lock:
            return tuple(self._given.values())

    def ran(self, command: str, machine: str, folder: str) -> None:
        """Write down for which command this gate is there, so that whoever looks back knows what brought a file."""
        self._durable.ran(
            CommandRun(at=self._clock(), run=self._run, machine=machine, command=command, folder=folder)
        )

    def stamp(self) -> str:
        """A text that changes when something is condemned; raises RecordFailed."""
        condemned = sorted(f"{sha256} {name}" for sha256, name in self._durable.condemned())
        return hashlib.sha256("\n".join(condemned).encode()).hexdigest()

    def refused(self, event: Event) -> None:
        """Write it down; what its own bytes condemn goes out to nobody any more."""
        self._write(event)
        if condemns(event):
            self._aside.submit(self._condemn, event)

    async def delivers(self, event: Event) -> str:
        """As Recorder.delivers: written down before the first byte."""
        self._write(event)
        subject = event.ref.release
        try:
            entry = Delivery(
                at=event.at,
                sha256=Digest(event.sha256),
                filename=event.ref.filename,
                project=subject.name,
                version=subject.version,
                client=event.client,
                agent=event.agent,
                run=self._run,
            )
        except ValueError:
            return "its name is none that a file may go out under"
        waived = _waived(event)
        try:
            if not await asyncio.wrap_future(self._durable.delivered(entry, waived=waived)):
                loop = asyncio.get_running_loop()
                why = await loop.run_in_executor(self._aside, self._stands, entry)
                if why or not await asyncio.wrap_future(self._durable.delivered(entry, waived=waived)):
                    return why or "it was condemned at this very moment"
        except StockadeError as failed:
            return f"nothing goes out unrecorded: {failed}"
        with self._lock:
            self._given[entry.sha256, entry.filename] = event
            while len(self._given) > limits.MAX_GATE_KNOWN:
                del self._given[next(iter(self._given))]
        return ""

    def look_again(self, decided: Callable[[Event], Event | None]) -> int:
        """Condemn what went out already and would be refused today; how many. `decided` gives an event as of now."""
        count = 0
        for event in self.given:
            now = decided(event)
            if now is not None and condemns(now):
                self._condemn(now)
                count += 1
        return count

    def close(self) -> None:
        """Write what waits."""
        self._aside.shutdown(wait=True)
        self._durable.close()
        if self._journal is not None:
            self._journal.close()

    def _write(self, event: Event) -> None:
        decision, ref = event.verdict.decision, event.ref
        entry = Decided(
            at=event.at,
            action=action(decision),
            project=ref.release.name,
            version=ref.release.version,
            filename=ref.filename,
            sha256=event.sha256,
            index=shown_url(ref.index),
            reason=decision.reasons[0] if decision.reasons else "",
            waiver=decision.reasons[0] if _waived(event) else "",
            fingerprint=self._fingerprint,
            run=self._run,
            client=event.client,
            agent=event.agent,
        )
        self._durable.record(entry)
        if self._journal is not None:
            self._journal.write(entry)

    def _condemn(self, event: Event) -> None:
        ref = event.ref
        key = (event.sha256, ref.filename)
        if key in self._condemned:
            return
        try:
            entry = Condemnation(
                at=self._clock(),
                sha256=Digest(event.sha256),
                filename=ref.filename,
                project=ref.release.name,
                version=ref.release.version,
                reason=event.verdict.decision.reasons[0],
            )
            had = self._durable.condemn(entry)
            self._condemned.add(key)
        except (StockadeError, ValueError) as why:
            _log.error("a condemnation of %s could not be written: %s", ref.filename, why)
            return
        for one in had:
            when = f"{one.at:%Y-%m-%d %H:%M} UTC"
            self._says(f"{one.client or 'somebody'} got {ref.filename} on {when}, and it is condemned now")
        path = self._where(entry.sha256)
        if path is not None:
            with suppress(StockadeError, OSError):
                self._quarantine.hold(path, entry.sha256)
                path.unlink(missing_ok=True)

    def _stands(self, entry: Delivery) -> str:
        """Why a condemnation is to be heeded although today's rules allow the file; "" where it is taken back."""
        found = self._durable.condemnation(entry.sha256, entry.filename)
        if found is not None and found.at >= self._began:
            return f"it was condemned on {found.at:%Y-%m-%d %H:%M} UTC: {found.reason}"
        self._durable.absolve(entry.sha256, entry.filename)
        self._condemned.discard((entry.sha256, entry.filename))
        return ""


def condemns(event: Event) -> bool:
    """Whether a refusal is about what the file's own bytes do, and not about its age or what it brings."""
    judged = event.verdict.judged
    own = isinstance(event.verdict.decision, Block) and not event.verdict.way
    return own and bool(event.sha256) and judged is not None and isinstance(judged.assessment, Flagged)


def _waived(event: Event) -> bool:
    decision = event.verdict.decision
    return isinstance(decision, Allow) and decision.reasons[0].startswith(WAIVED)
