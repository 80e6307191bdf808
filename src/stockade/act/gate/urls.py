"""What a client asks for, by its URL: a project's page, a file, a file's metadata, or something else.

A URL of the real index means the same here as there. Files are known by the pages that named them; one that no page
named (a lock's, or an address that somebody wrote) is recognised by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from packaging.utils import InvalidName, canonicalize_name

from stockade import limits
from stockade.acquire.index.listing import SDIST_ENDINGS
from stockade.acquire.index.pages import is_plain_name
from stockade.act.gate.local import NOTHING, address
from stockade.act.gate.ports import Page
from stockade.model.project import ArtifactRef, ProjectName, Release, project_name

_METADATA = ".metadata"
_PORTS = {"http": ":80", "https": ":443"}
#: An address that is spelt as it is kept already, as nearly all are.
_USUAL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*/[A-Za-z0-9._~/+-]*")
_SIMPLE = "application/vnd.pypi.simple"
#: A file's name, as far as it tells which project and version it is of: wheels, then sdists.
_WHEEL = re.compile(r"([A-Za-z0-9][A-Za-z0-9._]*)-([A-Za-z0-9._+!]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl")
_SDIST = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*?)-v?(\d[A-Za-z0-9._+!-]*)")


@dataclass(frozen=True, slots=True)
class Project:
    """A project's page on one index."""

    name: ProjectName
    base: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The page of all projects of an index."""

    base: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that a page named, or (`direct`) that nothing but its address tells of."""

    ref: ArtifactRef
    metadata: bool = False
    direct: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """A project's own JSON, which some installers read beside its page."""

    url: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """The page without files."""


Meaning = Project | Overview | File | About | Nothing | None


class Roads:
    """What URLs mean. `bases` are the configured indexes; others are learnt when a client asks one for a page."""

    def __init__(self, bases: tuple[str, ...]) -> None:
        self._bases = {_same(one): one for one in bases}
        self._configured = tuple(self._bases)
        self._own, self._others = _Addresses(newer=True), _Addresses(newer=False)

    def learn(self, page: Page, *, configured: bool = True) -> None:
        """Remember whose the addresses of a page are. One of an index that is not `configured` cannot say that a file
        of another one is its own."""
        (self._own if configured else self._others).learn(page.files)

    def file(self, url: str) -> ArtifactRef | None:
        """The file that some page gave this address for."""
        return self._at(_same(url))

    def _at(self, url: str) -> ArtifactRef | None:
        return self._own.get(url) or self._others.get(url)

    def meaning(self, url: str, accept: str = "") -> Meaning:
        """What a GET of `url` (absolute) is about; None for anything that an index does not serve."""
        try:
            given, url = urlsplit(url), _same(url)
            parts = urlsplit(url)
        except ValueError:
            return None
        if "@" in parts.netloc:
            return None
        known = self._known(url)
        if known is not None:
            return known
        if url == NOTHING:
            return Nothing()
        found = self._by_name(given)  # asked for as it was written: a server may tell "+" from "%2B"
        if found is not None:
            return found
        plain = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
        place = self._place(plain) or (self._learnt(plain) if _SIMPLE in accept else None)
        if place is not None:
            return place
        if any(_same_host(plain, one) for one in self._configured) and parts.path.endswith("/json"):
            return About(url)
        return None

    def _place(self, url: str) -> Project | Overview | None:
        """A page of an index that is known; None for what lies deeper."""
        base = self._base_of(url)
        if base is None:
            return None
        rest = url[len(base) :].strip("/")
        if not rest:
            return Overview(self._bases[base])
        name = None if "/" in rest else _name(unquote(rest))
        return None if name is None else Project(name, self._bases[base])

    def _known(self, url: str) -> File | None:
        ref = self._at(url)
        if ref is not None:
            return File(ref)
        if url.endswith(_METADATA) and (ref := self._at(url.removesuffix(_METADATA))) is not None:
            return File(ref, metadata=True)
        return None

    def _base_of(self, url: str) -> str | None:
        """The index that a URL lies below, the most particular one."""
        fitting = [one for one in self._bases if url.startswith(one) or f"{url}/" == one]
        return max(fitting, key=len, default=None)

    def _learnt(self, url: str) -> Project | None:
        """A page of an index that nobody told us about: a client that asks for a page says by itself that it takes it
        for one."""
        base, _, last = url.rstrip("/").rpartition("/")
        name = _name(unquote(last))
        if name is None or not urlsplit(base).netloc or len(self._bases) >= limits.MAX_GATE_HOSTS:
            return None
        self._bases[f"{base}/"] = f"{base}/"
        return Project(name, f"{base}/")

    @staticmethod
    def _by_name(parts: SplitResult) -> File | None:
        metadata = parts.path.endswith(".whl" + _METADATA)
        path = parts.path.removesuffix(_METADATA) if metadata else parts.path
        name = unquote(path.rpartition("/")[2])
        release = release_of(name) if is_plain_name(name) else None
        if release is None:
            return None
        url = urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
        ref = ArtifactRef(release=release, filename=name, url=url, index="")
        return File(ref, metadata=metadata, direct=True)


class _Addresses:
    """Files by the addresses that pages gave for them; of two pages that give the same one, the `newer` or the older
    counts. Pages list thousands of files, of which a handful are asked for: nearly all addresses end with the file's
    name, so they are only looked at when a file of that name is."""

    def __init__(self, *, newer: bool) -> None:
        self._newer = newer
        self._named: dict[str, ArtifactRef] = {}
        self._others: dict[str, ArtifactRef] = {}

    def learn(self, files: Iterable[ArtifactRef]) -> None:
        """Remember them; the oldest are forgotten beyond a bound."""
        named, newer = self._named, self._newer
        for ref in files:
            if ref.url.endswith(f"/{ref.filename}") and "%" not in ref.filename:
                known = named.setdefault(ref.filename, ref)
                if known.url == ref.url:
                    if newer and known is not ref:
                        named[ref.filename] = ref
                    continue
            where = _same(address(ref))
            if newer or self.get(where) is None:
                self._others[where] = ref
        while len(named) + len(self._others) > limits.MAX_GATE_ADDRESSES:
            kept = max(named, self._others, key=len)
            del kept[next(iter(kept))]

    def get(self, url: str) -> ArtifactRef | None:
        """The file at an address, which is spelt as `_same` spells it."""
        found = self._others.get(url)
        if found is None:
            named = self._named.get(unquote(url.rpartition("/")[2]))
            found = named if named is not None and _same(address(named)) == url else None
        return found


def release_of(filename: str) -> Release | None:
    """The release that a file name claims to be of; None where it is not that of a distribution archive."""
    lower = filename.lower()
    stem: str | None = None
    if lower.endswith(".whl"):
        found = _WHEEL.fullmatch(filename)
    else:
        ending = next((end for end in SDIST_ENDINGS if lower.endswith(end.lower())), None)
        if ending is None:
            return None
        stem = filename[: -len(ending)]
        found = _SDIST.fullmatch(stem)
    if found is not None and (name := _name(found[1])) is not None:
        return Release(name=name, version=found[2])
    # An archive of whatever name: an installer that is given its address would take it.
    name = _name(re.sub(r"[^A-Za-z0-9]+", "-", stem or "").strip("-")) if stem is not None else None
    return Release(name=name or ProjectName("unnamed"), version="0")


def _name(text: str) -> ProjectName | None:
    try:
        canonicalize_name(text, validate=True)
    except InvalidName:
        return None
    return project_name(text)


def _same(url: str) -> str:
    """`url` as it is kept here: clients and indexes spell the same address in several ways (RFC 3986, section 6.2.2).

    Raises ValueError where it is none.
    """
    if _USUAL.fullmatch(url):
        return url
    parts = urlsplit(url)
    _ = parts.hostname, parts.port  # raise where they can be none
    scheme, place = parts.scheme.lower(), parts.netloc.lower()
    place = place.removesuffix(_PORTS.get(scheme, ""))
    path = "/".join(quote(unquote(one), safe="+~!$&'(),;=:@*") for one in parts.path.split("/"))
    return urlunsplit((scheme, place, path, parts.query, ""))


def _same_host(url: str, other: str) -> bool:
    one, two = urlsplit(url), urlsplit(other)
    return (one.scheme, one.netloc) == (two.scheme, two.netloc)
