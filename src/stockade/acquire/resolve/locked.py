"""From a lock file to the files that an installer would take: nothing is resolved, the lock has chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from packaging.version import Version

from stockade import limits
from stockade.acquire.index.listing import parsed_version
from stockade.acquire.index.parallel import in_parallel
from stockade.acquire.resolve.choose import Offer, offers
from stockade.acquire.resolve.closure import Closure
from stockade.acquire.resolve.direct import direct_ref, fetch_direct, unjudged
from stockade.acquire.resolve.ports import Fetcher, Index
from stockade.acquire.resolve.selection import chosen_files
from stockade.acquire.resolve.target import PythonTarget
from stockade.acquire.sources.locks import Lock
from stockade.errors import FetchFailed, ProjectNotFound, ResolutionFailed
from stockade.model.evidence import Gap, GapKind
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release, Requirement, Resolved

_Offers = dict[Version, Offer]


def from_lock(
    lock: Lock, *, index: Index, python: PythonTarget, fetcher: Fetcher | None = None, all_files: bool = False
) -> Closure:
    """Every release in `lock`, with the files that an installer on `python` could pick and the lock allows.

    The lock's digests decide: what the index offers beyond them is no choice of the installer's, and one that
    the index doesn't offer is a gap. Files are looked up on `index`, wherever the lock says that they came from.
    What the lock has by URL is read through `fetcher` for its version; without one, its file name is believed.
    The lock's own gaps come along. Raises IndexUnavailable.
    """
    pins = lock.pins
    named = [one for one in pins if not one.url]
    known = dict(
        in_parallel(
            lambda name: (name, _offers(index, name, python)),
            dict.fromkeys(one.name for one in named),
            limits.MAX_CONNECTIONS,
        )
    )
    releases: dict[Release, Resolved] = {}
    gaps = list(lock.gaps)
    for pin in pins:
        found, more = _direct(pin, fetcher) if pin.url else _pinned(pin, known[pin.name], all_files=all_files)
        gaps += more
        if found:
            releases[found.release] = _both(releases.get(found.release), found)
    return Closure(
        releases=tuple(releases[one] for one in sorted(releases)),
        gaps=tuple(dict.fromkeys(gaps)),
        notes=("everything in the lock is judged, whatever its group, extra or marker",),
    )


def _offers(index: Index, name: ProjectName, python: PythonTarget) -> _Offers | str:
    try:
        return offers(index.listing(name).files, python)
    except ProjectNotFound as why:
        return str(why)


def _direct(pin: Requirement, fetcher: Fetcher | None) -> tuple[Resolved | None, list[Gap]]:
    assert pin.url is not None
    why = unjudged(pin.url)
    try:
        ref = None if why else _ref(pin, pin.url, fetcher)
    except (FetchFailed, ResolutionFailed) as failed:
        ref, why = None, str(failed)
    if ref is None:
        return None, [Gap(kind=GapKind.LIMIT, what=str(pin), why=why)]
    return Resolved(release=ref.release, files=(ref,), direct=True), []


def _ref(pin: Requirement, url: str, fetcher: Fetcher | None) -> ArtifactRef:
    return fetch_direct(pin, url, fetcher).ref if fetcher else direct_ref(pin.name, url, pin.hashes)


def _pinned(pin: Requirement, known: _Offers | str, *, all_files: bool) -> tuple[Resolved | None, list[Gap]]:
    what = f"{pin.name}=={pin.pin}"
    if isinstance(known, str):
        return None, [Gap(kind=GapKind.LIMIT, what=what, why=known)]
    version = parsed_version(pin.pin or "")
    offer = known.get(version) if version else None
    if offer is None:
        return None, [Gap(kind=GapKind.LIMIT, what=what, why="the index doesn't offer this release")]
    files = allowed_files(chosen_files(offer, all_files=all_files), pin.hashes)
    gaps = _unoffered(offer.every, pin.hashes, what)
    if not files and not gaps:
        why = "the lock has no file of it that fits this Python; --all-files judges those for others"
        gaps = [Gap(kind=GapKind.SCOPE, what=what, why=why)]
    if not files:
        return None, gaps
    return Resolved(release=files[0].release, files=files, direct=True, hashes=pin.hashes), gaps


def allowed_files(files: Iterable[ArtifactRef], hashes: Sequence[Digest]) -> tuple[ArtifactRef, ...]:
    """Those `files` that `hashes` allow; one without a digest on the index may be any, and is checked when fetched."""
    return tuple(one for one in files if not hashes or one.sha256 is None or one.sha256 in hashes)


def _unoffered(offered: Iterable[ArtifactRef], hashes: Sequence[Digest], what: str) -> list[Gap]:
    digests = {one.sha256 for one in offered}
    missing = [one for one in hashes if one not in digests]
    if not missing or None in digests:
        return []
    why = f"the index offers no file with sha256 {missing[0]}, which the lock allows"
    if len(missing) > 1:
        why += f" (and {len(missing) - 1} more)"
    return [Gap(kind=GapKind.LIMIT, what=what, why=why)]


def _both(one: Resolved | None, other: Resolved) -> Resolved:
    """The same release pinned twice, with the files of both."""
    if one is None:
        return other
    hashes = tuple(dict.fromkeys((*one.hashes, *other.hashes))) if one.hashes and other.hashes else ()
    return replace(other, files=tuple(dict.fromkeys((*one.files, *other.files))), hashes=hashes)
