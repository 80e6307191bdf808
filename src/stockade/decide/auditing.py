"""What about an environment is not as it was allowed to be; pure, so that each rule can be shown on a list.

Several things may say what may be here (a lock, a requirements file, an accepted baseline, the policy's own list);
what one of them names is authorised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from stockade.decide.policy import Policy
from stockade.model.advisory import Match
from stockade.model.audit import Finding, Standing
from stockade.model.environment import Installed, Oddity
from stockade.model.project import ProjectName, Requirement

#: What the makers of environments put into each one unasked; their files are accounted for and judged like all others.
SEEDS = frozenset(map(ProjectName, ("pip", "setuptools", "wheel")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Something that says what may be in an environment. `source` names it for people.

    `wanted` are its entries. With `closed` they are all there may be (a lock, a baseline); without, whatever they bring
    may be there too (a requirements file). With `whole` each of them should be there. `project` is the folder
    whose own editable install goes without saying.
    """

    source: str
    wanted: tuple[Requirement, ...]
    closed: bool = True
    whole: bool = False
    project: str = ""
    _named: dict[ProjectName, list[Requirement]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for one in self.wanted:
            self._named.setdefault(one.name, []).append(one)

    def named(self, name: ProjectName) -> list[Requirement]:
        """Its entries for a project."""
        return self._named.get(name, [])


def stands(
    installed: Iterable[Installed],
    authorities: Iterable[Authority],
    policy: Policy,
    markers: Mapping[str, str],
) -> Iterator[Finding]:
    """What is unauthorised, changed, downgraded or missing; nothing where nothing says what may be here.

    `markers` is the environment that markers are read in (PEP 508).
    """
    given = tuple(authorities)
    if not given:
        return
    here = list(installed)
    brought = {name for one in given if not one.closed for name in _brought(one, here, markers)}
    for one in here:
        finding = _stands(one, given, policy, brought)
        if finding is not None:
            yield finding
    names = {one.name for one in here}
    for authority in given:
        for wanted in authority.wanted if authority.whole else ():
            if wanted.name not in names and _applies(wanted.marker, markers, ()):
                detail = f"{authority.source} says that it belongs here"
                yield _finding(policy, Standing.MISSING, wanted.name, "", detail=detail)


def oddities(found: Iterable[Oddity], versions: Mapping[str, str], policy: Policy) -> Iterator[Finding]:
    """What about the files is odd, under the policy; `versions` of the projects that may be to blame."""
    for one in found:
        yield Finding(
            kind=one.kind,
            action=policy.audit[one.kind],
            project=one.project,
            version=versions.get(one.project, ""),
            path=one.path,
            detail=one.detail,
        )


def advised(matches: Iterable[Match], policy: Policy) -> Iterator[Finding]:
    """What is published about what is here: malicious releases first."""
    for one in sorted(matches, key=lambda match: not match.advisory.malicious):
        kind = Standing.MALICIOUS if one.advisory.malicious else Standing.VULNERABLE
        fix = f"upgrade to {one.fix}" if one.fix else ""
        if kind is Standing.MALICIOUS:
            fix = f"take it out; `stockade respond {one.release} --plan` says what it could take"
        detail = f"{one.advisory.id}: {one.advisory.summary}" if one.advisory.summary else one.advisory.id
        yield Finding(
            kind=kind,
            action=policy.audit[kind],
            project=one.release.name,
            version=one.release.version,
            detail=detail,
            fix=fix,
            advisory=one.advisory.id,
        )


def _stands(
    one: Installed, authorities: tuple[Authority, ...], policy: Policy, brought: set[ProjectName]
) -> Finding | None:
    allowed = [entry for entry in policy.audit_allow if entry.name == one.name]
    if any(_fits(entry, one) for entry in allowed) or any(_own(one, each) for each in authorities):
        return None
    entries = [(authority, entry) for authority in authorities for entry in authority.named(one.name)]
    if any(_fits(entry, one) for _, entry in entries):
        return None
    if entries:
        authority, entry = entries[0]
        kind = Standing.DOWNGRADED if _older(one, [each for _, each in entries]) else Standing.CHANGED_VERSION
        asked = entry.specifier or (entry.url or "")
        detail = f"{authority.source} has {asked or 'another'}"
        fix = f"install {entry.name}{entry.specifier} again" if entry.specifier else ""
        return _finding(policy, kind, one.name, one.version, one.folder, detail, fix)
    if one.name in brought or (one.name in SEEDS and not allowed):
        return None
    by = f"put here by {one.installer}" if one.installer else "nobody says who put it here"
    when = f", {one.at:%Y-%m-%d %H:%M}" if one.at else ""
    named = " and ".join(each.source for each in authorities)
    detail = f"not in {named}; {by}{when}"
    fix = "take it out; or, if it belongs here, have it locked, or name it in [audit] allow"
    return _finding(policy, Standing.UNAUTHORISED, one.name, one.version, one.folder, detail, fix)


def _finding(
    policy: Policy, kind: Standing, name: str, version: str, path: str = "", detail: str = "", fix: str = ""
) -> Finding:
    return Finding(
        kind=kind, action=policy.audit[kind], project=name, version=version, path=path, detail=detail, fix=fix
    )


def _own(one: Installed, authority: Authority) -> bool:
    """Whether it is the project's own editable install."""
    if one.origin is None or not one.origin.editable or not authority.project:
        return False
    return unquote(one.origin.url).removeprefix("file://").rstrip("/") == authority.project.rstrip("/")


def _fits(entry: Requirement, one: Installed) -> bool:
    if entry.url is not None:
        return one.origin is not None and one.origin.url == entry.url
    if not entry.specifier:
        return True
    try:
        # A person who installed a pre-release by name has been told.
        return SpecifierSet(entry.specifier).contains(one.version, prereleases=True)
    except InvalidVersion:
        return one.version == entry.pin


def _older(one: Installed, entries: Iterable[Requirement]) -> bool:
    try:
        pins = [Version(entry.pin) for entry in entries if entry.pin]
        return bool(pins) and Version(one.version) < min(pins)
    except InvalidVersion:
        return False


def _brought(
    authority: Authority, here: Iterable[Installed], markers: Mapping[str, str]
) -> Iterator[ProjectName]:
    """Whatever an authority's entries bring, by what the installed metadata says."""
    installed = {one.name: one for one in here}
    seen: set[tuple[ProjectName, tuple[str, ...]]] = set()
    pending = [(one.name, one.extras) for one in authority.wanted]
    while pending:
        name, extras = entry = pending.pop()
        if entry in seen:
            continue
        seen.add(entry)
        yield name
        for line in installed[name].requires if name in installed else ():
            try:
                wanted = Pep508(line)
            except InvalidRequirement:
                continue
            if _applies(str(wanted.marker) if wanted.marker else None, markers, extras):
                pending.append((ProjectName(canonicalize_name(wanted.name)), tuple(sorted(wanted.extras))))


def _applies(marker: str | None, markers: Mapping[str, str], extras: tuple[str, ...]) -> bool:
    """Whether a marker holds, for any of the extras; one that cannot be read is taken to hold."""
    if marker is None:
        return True
    read = Pep508(f"x ; {marker}").marker
    try:
        return read is None or any(read.evaluate({**markers, "extra": extra}) for extra in ("", *extras))
    except (UndefinedComparison, UndefinedEnvironmentName):
        return True
