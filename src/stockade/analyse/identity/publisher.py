"""What the verified publisher of a release says about it, beside those before it, as facts. Pure.

A release without attestations is no fact here, and one with them is none either: a hijacked workflow attests too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stockade.analyse.identity.history import FRESH, AttestationLost
from stockade.model.identity import Attested, Past, Pin, ProjectHistory, Publisher

#: A release that had stood for so long is a measure for the next.
STOOD = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationInvalid:
    """A file whose attestation does not hold; `why` is a reason, not a sentence."""

    filename: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherChanged:
    """A file from another publisher than the release `version` before it."""

    filename: str
    after: Publisher
    before: Publisher
    version: str


Remark = AttestationInvalid | AttestationLost | PublisherChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One release with what came of the attestations of its files.

    `pin` is what this machine expects of the project, None at first use. `before` is what the release before this one
    shows, None where it shows nothing or was not looked at.
    """

    history: ProjectHistory
    version: str
    files: tuple[Attested, ...] = ()
    pin: Pin | None = None
    before: Pin | None = None

    @property
    def release(self) -> Past | None:
        """The release, as the index tells it."""
        return next((one for one in self.history.releases if one.version == self.version), None)

    @property
    def fresh(self) -> bool:
        """Whether it is too young to have been looked at by others; one of unknown age is."""
        when = self.release.uploaded if self.release else None
        return when is None or self.history.at - when <= FRESH


def same(one: Publisher, other: Publisher) -> bool:
    """Whether two publishers are one: a renamed repository keeps its number, a new one of the old name has another."""
    if one.kind != other.kind:
        return False
    if one.identifier and other.identifier:
        return one.identifier == other.identifier
    return one.repository.lower() == other.repository.lower()


def remarks(signed: Signed) -> tuple[Remark, ...]:
    """Everything that is worth a remark."""
    found: list[Remark] = [
        AttestationInvalid(filename=one.filename, why=one.invalid) for one in signed.files if one.invalid
    ]
    if signed.fresh:
        found += _changed(signed)
        found += _lost(signed)
    return tuple(found)


def unsure(signed: Signed) -> bool:
    """Whether what the release before shows would decide: a fresh one, signed, that no pin speaks for."""
    return signed.fresh and bool(_strangers(signed, _pinned(signed)))


def predecessor(history: ProjectHistory, version: str) -> Past | None:
    """The last release with attestations that had stood for a while when that one came, or else the last before it.

    Several bad releases in a row do not vouch for each other.
    """
    times = {one.version: one.uploaded for one in history.releases}
    when = times.get(version)
    if when is None:
        return None
    earlier = [one for one in history.dated if one.attested and one.uploaded and one.uploaded < when]
    stood = [one for one in earlier if one.uploaded and when - one.uploaded >= STOOD]
    return next(reversed(stood or earlier), None)


def expected(signed: Signed, now: datetime) -> Pin | None:
    """The pin from now on; None to leave it as it is.

    It follows the releases that agree with it, and one that does not only when that has stood for a season.
    """
    valid = [one for one in signed.files if one.publishers and not one.invalid]
    if not valid or _later(signed.pin, signed):
        return None
    own = Pin(
        publisher=valid[0].publishers[0],
        version=signed.version,
        uploaded=signed.release.uploaded if signed.release else None,
        seen=now,
    )
    if not signed.fresh or not list(_changed(signed)):
        kept = signed.pin is not None and same(signed.pin.publisher, own.publisher)
        return replace(own, seen=signed.pin.seen) if kept and signed.pin else own
    return replace(signed.before, seen=now) if signed.pin is None and signed.before else None


def _changed(signed: Signed) -> Iterator[PublisherChanged]:
    pin = _pinned(signed)
    before = None if _later(signed.before, signed) else signed.before
    if not _strangers(signed, pin):
        return
    # A change that the release before made already, a season ago, is none of this one.
    if before is not None and _old(before, signed) and not _strangers(signed, before):
        return
    expects = pin or before
    if expects is None:
        return
    for one in _strangers(signed, expects)[:1]:
        yield PublisherChanged(
            filename=one.filename,
            after=one.publishers[0],
            before=expects.publisher,
            version=expects.version,
        )


def _lost(signed: Signed) -> Iterator[AttestationLost]:
    """No attestation, where this machine has verified one of a release before it that the index still names."""
    this, pin = signed.release, _pinned(signed)
    if this is None or this.attested or pin is None or pin.version == signed.version:
        return
    if any(one.version == pin.version and one.attested for one in signed.history.releases):
        yield AttestationLost(version=this.version, before=pin.version, of_last=1)


def _pinned(signed: Signed) -> Pin | None:
    """The pin, if it was taken of this release or one before it."""
    return None if _later(signed.pin, signed) else signed.pin


def _later(pin: Pin | None, signed: Signed) -> bool:
    """Whether the pin was taken of a release after this one, which then is no successor to it."""
    when = signed.release.uploaded if signed.release else None
    return pin is not None and pin.uploaded is not None and when is not None and pin.uploaded > when


def _old(pin: Pin, signed: Signed) -> bool:
    return pin.uploaded is not None and signed.history.at - pin.uploaded > FRESH


def _strangers(signed: Signed, pin: Pin | None) -> list[Attested]:
    """The verified files that none of whose publishers is the one expected; all of them where nothing is."""
    return [
        one
        for one in signed.files
        if one.publishers and not (pin and any(same(pin.publisher, each) for each in one.publishers))
    ]
