"""Project pages as clients get them: the real index's, less what nobody may have (PEP 503, 691, 700, 714, 792).

What is only undecided stays, and is judged when it is asked for; so does what is yanked, which installers pass over
unless exactly it is asked for, and which is refused then. Where nothing would be left, nothing is taken away, so
that an installer prints the reason of a refusal instead of "no matching distribution".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from html import escape
from urllib.parse import quote

import msgspec
from packaging.version import InvalidVersion, Version

from stockade.act.gate import local
from stockade.act.gate.book import Book
from stockade.act.gate.ports import Page
from stockade.act.gate.text_only import without_controls
from stockade.act.report.shown import shown
from stockade.decide.policy import Mode
from stockade.model.decision import Allow
from stockade.model.project import ArtifactRef, ProjectName
from stockade.pipeline import Road, excluded, settled

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"
PLAIN = "text/html"
#: What pages say that they speak: PEP 792's version, or the first where the index tells no sizes (PEP 700).
API, LEAN = "1.4", "1.0"
#: A file -> its address on the page.
Address = Callable[[ArtifactRef], str]
_LOWEST = Version("0.dev0")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A file that a page leaves out, and why."""

    ref: ArtifactRef
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a page is shown. It holds until `until` (aware), when a file comes of age; None: for good."""

    files: tuple[ArtifactRef, ...]
    hidden: tuple[Hidden, ...]
    until: datetime | None


def choose(page: Page, book: Book, road: Road) -> Choice:
    """The files of a page that clients may see now."""
    if road.policy.mode is Mode.MONITOR:
        return Choice(page.files, (), None)
    born: datetime | None = None
    hidden = []
    for number, ref in enumerate(_doubtful(page, book, road)):
        if not number:
            times = [one.uploaded for one in page.files if one.uploaded is not None]
            born = min(times) if len(times) == len(page.files) else None
        why = excluded(ref, page.status, born, road) or _condemned(ref, book)
        if why:
            hidden.append(Hidden(ref, why))
    until = _changes(page.files, road)
    gone = {id(one.ref) for one in hidden}
    kept = tuple(ref for ref in page.files if id(ref) not in gone) if gone else page.files
    if all(ref.yanked is not None for ref in kept):
        return Choice(page.files, (), until)
    return Choice(kept, tuple(hidden), until)


def _doubtful(page: Page, book: Book, road: Road) -> Sequence[ArtifactRef]:
    """The files of a page that something may be held against: nearly all files of nearly all pages are old and good,
    and a page may list thousands."""
    name = page.files[0].release.name if page.files else None
    old = settled(name, page.status, road) if name is not None and not book.changed(name) else None
    if old is None:
        return page.files
    releases = {ref.release.version: ref.release for ref in page.files}
    advised = {version for version, release in releases.items() if road.advisories.under(release)}
    return [
        ref
        for ref in page.files
        if ref.uploaded is None
        or ref.uploaded > old
        or ref.sha256 is None
        or ref.yanked is not None
        or ref.release.version in advised
    ]


def newest(choice: Choice) -> tuple[Hidden, ...]:
    """What an installer would have looked at before the files that it is shown: of higher versions than all those."""
    if not choice.hidden:
        return ()
    highest = max((_version(ref) for ref in choice.files if ref.yanked is None), default=_LOWEST)
    return tuple(one for one in choice.hidden if _version(one.ref) > highest)


@lru_cache(maxsize=65536)
def _parsed(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        return _LOWEST


def _version(ref: ArtifactRef) -> Version:
    return _parsed(ref.release.version)


def _condemned(ref: ArtifactRef, book: Book) -> str:
    judged = book.own(ref)
    if judged is None or isinstance(judged.decision, Allow):
        return ""
    return judged.decision.reasons[0]


def _changes(files: Iterable[ArtifactRef], road: Road) -> datetime | None:
    """When the first of the files that are too young comes of age, or an exception ends."""
    ages = [age for age in (road.policy.minimum_age, road.policy.first_age) if age > timedelta(0)]
    young = road.now - max(ages, default=timedelta(0))
    new = (ref.uploaded for ref in files if ref.uploaded is not None and ref.uploaded > young)
    moments = (uploaded + age for uploaded in new for age in ages)
    ends = (*(one.expires for one in road.waivers), *(one.until for one in road.policy.exempt))
    return min((one for one in (*moments, *ends) if one > road.now), default=None)


def kind_for(accept: str, asked: str = "") -> str:
    """The media type for an Accept header, or for ``?format=`` (PEP 691): JSON where a client knows it."""
    wanted = asked or accept
    for kind in (JSON, HTML):
        if kind in wanted or kind.replace("v1", "latest") in wanted:
            return kind
    return PLAIN


def rendered(
    name: ProjectName, page: Page, files: Sequence[ArtifactRef], kind: str, address: Address
) -> bytes:
    """The page of `files` as that media type."""
    if kind == JSON:
        return _json(name, page, files, address)
    return _html(name, page, files, address)


def etag_of(body: bytes) -> str:
    """An entity tag for a page."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


class _Entry(msgspec.Struct, rename="kebab", omit_defaults=True):
    """A file on a JSON page (PEP 691, 700, 714, 740)."""

    filename: str
    url: str
    hashes: dict[str, str]
    yanked: bool | str
    size: int | None = None
    upload_time: datetime | None = None
    requires_python: str | None = None
    core_metadata: bool | dict[str, str] | None = None
    dist_info_metadata: bool | dict[str, str] | None = None
    provenance: str | None = None


def _json(name: ProjectName, page: Page, files: Sequence[ArtifactRef], address: Address) -> bytes:
    status = {"status": page.status} | ({"reason": page.reason} if page.reason else {})
    return msgspec.json.encode(
        {
            "meta": {"api-version": API if all(ref.size is not None for ref in files) else LEAN},
            "name": name,
            "project-status": status,
            "versions": list(dict.fromkeys(ref.release.version for ref in files)),
            "files": [_entry(ref, address) for ref in files],
        }
    )


def _entry(ref: ArtifactRef, address: Address) -> _Entry:
    told: bool | dict[str, str] | None = _metadata(ref) or None
    if told and ref.metadata_sha256:
        told = {"sha256": ref.metadata_sha256}
    when = ref.uploaded
    return _Entry(
        ref.filename,
        address(ref),
        {"sha256": ref.sha256} if ref.sha256 else {},
        False if ref.yanked is None else ref.yanked or True,
        ref.size,
        when if when is None or when.tzinfo is UTC else when.astimezone(UTC),
        ref.requires_python,
        told,
        told,
        ref.provenance or None,
    )


def _metadata(ref: ArtifactRef) -> bool:
    """The gate gives a wheel's metadata apart even where the index doesn't: else resolvers would read parts of files
    that nobody judged."""
    return ref.metadata_sha256 is not None or ref.filename.endswith(".whl")


def _html(name: ProjectName, page: Page, files: Sequence[ArtifactRef], address: Address) -> bytes:
    head = [
        "<!DOCTYPE html>",
        "<html><head>",
        f'<meta name="pypi:repository-version" content="{API}">',
        f'<meta name="pypi:project-status" content="{escape(page.status)}">',
    ]
    if page.reason:
        head.append(f'<meta name="pypi:project-status-reason" content="{escape(shown(page.reason))}">')
    head += [f"<title>Links for {escape(name)}</title></head><body>", f"<h1>Links for {escape(name)}</h1>"]
    whole = "\n".join([*head, *(_anchor(ref, address) for ref in files), "</body></html>", ""])
    return without_controls(whole.encode())


def _anchor(ref: ArtifactRef, address: Address) -> str:
    pin = f"#sha256={ref.sha256}" if ref.sha256 else ""
    extra = [("data-requires-python", ref.requires_python), ("data-yanked", ref.yanked)]
    if _metadata(ref):
        offered = f"sha256={ref.metadata_sha256}" if ref.metadata_sha256 else "true"
        extra += [("data-core-metadata", offered), ("data-dist-info-metadata", offered)]
    extra.append(("data-provenance", ref.provenance))
    told = "".join(f' {key}="{escape(value)}"' for key, value in extra if value is not None)
    return f'<a href="{escape(address(ref) + pin)}"{told}>{escape(ref.filename)}</a><br>'


def through_gate(ref: ArtifactRef) -> str:
    """A file's address on the gate's own pages, relative to ``/simple/NAME/``."""
    name, digest = ref.release.name, ref.sha256 or "-"
    return f"../../files/{quote(name)}/{digest}/{quote(ref.filename)}"


def as_upstream(ref: ArtifactRef) -> str:
    """A file's address as the real index gives it; the gate's where that is a folder of this machine."""
    return local.address(ref)
