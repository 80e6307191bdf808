"""What is known of a project beside its bytes, on one day: its releases in time, and what it claims of itself.

A snapshot is dated and belongs to an assessment, never to facts that are cached by digest. What a source did not tell
is None ("unknown"), which is neither zero nor guilt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from stockade.model.evidence import Gap
from stockade.model.project import ProjectName


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One release as the index tells it.

    `uploaded` (aware) is when the first of its files came, None where the index does not say. `files` counts them;
    `yanked`: all of them are (PEP 592); `attested`: one of them has attestations (PEP 740).
    """

    version: str
    uploaded: datetime | None
    files: int
    yanked: bool = False
    attested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a project's own JSON says: the author's claims, unchecked, and the accounts that the index names.

    `version` is the release that the claims are of. `links` are (label, address), home page included. `owners` are
    accounts with their role, None where the index does not tell; `organization` likewise. Texts are the author's,
    unescaped, each at most limits.MAX_CLAIM characters; a description longer than limits.MAX_DESCRIPTION is "".
    """

    version: str = ""
    summary: str = ""
    author: str = ""
    author_email: str = ""
    maintainer: str = ""
    maintainer_email: str = ""
    description: str = ""
    links: tuple[tuple[str, str], ...] = ()
    owners: tuple[str, ...] | None = None
    organization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vulnerability:
    """An advisory that one release is exposed to, by the index's word. `fixed_in` are versions, as written."""

    id: str
    fixed_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectHistory:
    """A project on the index as of `at` (aware). `releases` stand in the order of their uploads, the first first;
    those of unknown time come before all others.

    `claims` is None where the index offers no such thing or it could not be had. `status` and `reason` are PEP 792's.
    """

    project: ProjectName
    at: datetime
    releases: tuple[Past, ...] = ()
    status: str = "active"
    reason: str = ""
    claims: Claims | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def dated(self) -> tuple[Past, ...]:
        """The releases whose time is known, the first first."""
        return tuple(one for one in self.releases if one.uploaded is not None)

    @property
    def first(self) -> datetime | None:
        """When the first file came that is still there; None where a release has no time, which may be older."""
        if not self.releases or self.releases[0].uploaded is None:
            return None
        return self.releases[0].uploaded

    @property
    def last(self) -> datetime | None:
        """When the latest release began to come, as far as known."""
        return self.releases[-1].uploaded if self.releases else None

    @property
    def age(self) -> timedelta | None:
        """How long the project is known to the index; None where that is unknown."""
        return None if self.first is None else max(timedelta(0), self.at - self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who published a file, as the certificate of an attestation that holds says (PEP 740).

    `kind` names the service ("GitHub"), `repository` what it ran for there (a mail address at Google, else
    owner/name), `workflow` which file it ran, "" where that kind has none. `identifier` is the service's own number
    of the repository, which stays when it is renamed and goes when it is deleted; "" where the certificate has none.
    """

    kind: str
    repository: str
    workflow: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What came of one file's attestations: who published it, and what does not hold or could not be told, and why."""

    filename: str
    publishers: tuple[Publisher, ...] = ()
    invalid: str = ""
    unknown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A publisher that is expected of a project, because `version` (of `uploaded`, None for unknown) came from it.

    `seen` is when this machine first saw a release of that publisher; None where it has only been looked up.
    """

    publisher: Publisher
    version: str
    uploaded: datetime | None
    seen: datetime | None = None
