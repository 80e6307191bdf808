"""What follows from the names alone of an artifact and of what it requires, as evidence on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from packaging.utils import canonicalize_name

from stockade import limits
from stockade.analyse.identity.names import Lookalike, Names
from stockade.analyse.standing import remarked
from stockade.model.assessment import Findings
from stockade.model.evidence import Gap, GapKind
from stockade.model.likeness import NameLike, RequiredLike, RequiredMalicious
from stockade.model.project import read_requirement

#: How a name differs by a slip alone. Honest requirements bear names with a word or a number more than a known one.
_SLIPS = frozenset(
    {
        "addition",
        "homoglyph",
        "keyboard",
        "lookalike-letter",
        "omission",
        "repetition",
        "substitution",
        "transposition",
        "vowel",
    }
)
#: Of 902 honest wheels none requires a name that is so likely a slip of a known one.
_LIKELY = 0.9


def named(names: Names, project: str, filename: str, found: Findings) -> Findings:
    """`found` with what `names` say of the name of its project (as whoever offered it says). The likeliest alone:
    a name is made to be taken for one."""
    about = names.about(project)
    if not about.lookalikes:
        return found
    like = _like(names, about.name, about.lookalikes[0], filename)
    return remarked(found, [like])


def required(
    names: Names, malicious: Callable[[], Mapping[str, frozenset[str]]], filename: str, found: Findings
) -> Findings:
    """`found` with what the names of its requirements say. `malicious` gives the versions of projects that were removed
    as such; a well-known project of them was taken over and is its owner's again, so that only a pin on one of those
    versions counts."""
    told = remarked(found, _required(names, malicious, filename, found))
    if len(found.requires) <= limits.MAX_REQUIREMENTS_NAMED:
        return told
    why = f"only the names of the first {limits.MAX_REQUIREMENTS_NAMED} were looked up"
    return replace(told, gaps=(*told.gaps, Gap(kind=GapKind.LIMIT, what="its requirements", why=why)))


def _required(
    names: Names, malicious: Callable[[], Mapping[str, frozenset[str]]], filename: str, found: Findings
) -> Iterator[RequiredLike | RequiredMalicious]:
    own = canonicalize_name(found.project)
    for line in found.requires[: limits.MAX_REQUIREMENTS_NAMED]:
        asked = read_requirement(line)
        if asked is None:
            continue
        project = canonicalize_name(asked.name)
        pins = {one.version for one in asked.specifier if one.operator in ("==", "===")}
        about = names.about(project)
        if project == own or (about.known and not pins):
            continue
        listed = malicious().get(project, frozenset())
        bad = listed & pins if about.known else frozenset(asked.specifier.filter(listed, prereleases=True))
        if bad:
            yield RequiredMalicious(
                requirement=line, project=project, versions=tuple(sorted(bad)), file=filename
            )
        first = about.lookalikes[0] if about.lookalikes else None
        if first is not None and first.score >= _LIKELY and _SLIPS.issuperset(first.mechanisms):
            yield RequiredLike(requirement=line, like=_like(names, project, first, filename))


def _like(names: Names, name: str, first: Lookalike, filename: str) -> NameLike:
    return NameLike(
        name=name,
        target=first.target,
        mechanisms=first.mechanisms,
        score=first.score,
        downloads=first.downloads,
        fewer=names.fewer,
        date=names.date,
        file=filename,
    )
