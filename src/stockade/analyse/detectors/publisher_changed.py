"""Was published from another place than the releases before it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.publisher import PublisherChanged
from stockade.model.evidence import Evidence, Location
from stockade.model.identity import Publisher


@detector("publisher-changed", on=PublisherChanged)
def publisher_changed(changed: PublisherChanged) -> Iterator[Evidence]:
    """Was published from another place than the releases before it.

    What: a young release carries an attestation that holds, of another service or repository than what this machine
    expects of the project since it first saw it; or, where it never did, than the release before shows.
    Why: who takes over an account can make a repository of their own its publisher, and the release is attested still.
    Benign twins: a repository that was renamed or given away (it keeps its number), another workflow of the same
    repository, wheels and sdists from different places, and a change that has stood for a season. A project that
    builds its wheels in several repositories, or moves to a new one, is asked about.
    Blind spots: a hijacked workflow publishes from the same place as always.
    """
    names = {(one.kind, one.repository.lower()) for one in (changed.after, changed.before)}
    after, before = (_told(one, number=len(names) == 1) for one in (changed.after, changed.before))
    message = f"was published from {after}, while {changed.version} came from {before}"
    yield Evidence(
        detector="publisher-changed", message=message, where=Location(file=""), excerpt=changed.filename
    )


def _told(one: Publisher, *, number: bool) -> str:
    """The place in a few words; with its `number` where its name would not tell the two apart."""
    return f"{one.kind} {one.repository[:100]}" + (f" (number {one.identifier[:40]})" if number else "")
