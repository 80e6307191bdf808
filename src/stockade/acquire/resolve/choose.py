"""Which files of a project an installer on the target could pick, by release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from packaging.version import Version

from stockade.acquire.index.listing import parsed_version
from stockade.acquire.resolve.target import PythonTarget
from stockade.model.project import ArtifactRef, Release

#: What installers take for an sdist (PEP 625, and what came before it), the most usual first.
SDIST_ENDINGS = (
    *(".tar.gz", ".zip", ".tgz", ".tar.bz2", ".tar.xz", ".tbz", ".txz", ".tar"),
    *(".tar.lz", ".tar.lzma", ".tlz", ".tar.zst"),
)


@dataclass(slots=True)
class Offer:
    """One release as an index offers it.

    `wheels` fit the target, the most wanted first; `barred` would fit but for their Requires-Python;
    `others` are for other platforms, or of a form that no installer takes any more.
    """

    version: Version
    release: Release
    wheels: list[ArtifactRef] = field(default_factory=list)
    sdists: list[ArtifactRef] = field(default_factory=list)
    barred: list[ArtifactRef] = field(default_factory=list)
    others: list[ArtifactRef] = field(default_factory=list)

    @property
    def pickable(self) -> tuple[ArtifactRef, ...]:
        """Every file that an installer on the target could pick."""
        return (*self.wheels, *self.sdists)

    @property
    def every(self) -> tuple[ArtifactRef, ...]:
        """Every file, those for other platforms included."""
        return (*self.wheels, *self.sdists, *self.barred, *self.others)

    def first(self, cutoff: datetime | None) -> ArtifactRef | None:
        """The file that an installer would take, were files younger than `cutoff` not there.

        Where Requires-Python rules every file out, the first of them, so that the resolver can say so.
        """
        there = [one for one in self.pickable if not too_young(one, cutoff)]
        kept = [one for one in there if one.yanked is None] or there
        return next(iter(kept or self.barred), None)


def too_young(ref: ArtifactRef, cutoff: datetime | None) -> bool:
    """Whether `ref` was uploaded after `cutoff`; a file without an upload time is not."""
    return cutoff is not None and ref.uploaded is not None and ref.uploaded > cutoff


def offers(files: Iterable[ArtifactRef], target: PythonTarget) -> dict[Version, Offer]:
    """The releases in `files`; one whose version is not one (PEP 440) is nothing that an installer would take."""
    found: dict[Version, Offer] = {}
    known: dict[str, Version | None] = {}
    for ref in _once(files):
        spelled = ref.release.version
        if spelled not in known:
            known[spelled] = parsed_version(spelled)
        version = known[spelled]
        if version is None:
            continue
        offer = found.setdefault(version, Offer(version, ref.release))
        # Two spellings of a version (1.0 and 1.0.0) are one release, named as it was first.
        _place(offer, ref if ref.release == offer.release else replace(ref, release=offer.release), target)
    for offer in found.values():
        offer.wheels.sort(key=lambda one: (_rank(one, target), one.filename))
        offer.sdists.sort(key=lambda one: (_form(one), one.filename))
    return found


def _once(files: Iterable[ArtifactRef]) -> Iterable[ArtifactRef]:
    """`files` without those that another index offers too, byte for byte; the one with an upload time stays."""
    found: dict[tuple[str, str | None], ArtifactRef] = {}
    for ref in files:
        key = (ref.filename, ref.sha256 or ref.url)
        if key not in found or (found[key].uploaded is None and ref.uploaded is not None):
            found[key] = ref
    return found.values()


def _place(offer: Offer, ref: ArtifactRef, target: PythonTarget) -> None:
    lower = ref.filename.lower()
    wheel = lower.endswith(".whl")
    if not (target.rank(ref.filename) is not None if wheel else lower.endswith(SDIST_ENDINGS)):
        offer.others.append(ref)
    elif not target.admits(ref.requires_python):
        offer.barred.append(ref)
    else:
        (offer.wheels if wheel else offer.sdists).append(ref)


def _rank(ref: ArtifactRef, target: PythonTarget) -> int:
    rank = target.rank(ref.filename)
    return len(target.tags) if rank is None else rank


def _form(ref: ArtifactRef) -> int:
    return next((place for place, end in enumerate(SDIST_ENDINGS) if ref.filename.lower().endswith(end)), 0)
