"""Which index does this person's installer use? Read from pip's and uv's configuration and environment.

`index_settings` is the one function; pip_settings.py and uv_settings.py know the two installers' rules.
Nothing here talks to a network, and no index's host name is written here: where nothing is configured, the
index is the one that pip carries as its own default.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from stockade import limits
from stockade.acquire.index.credentials import Login, Secret, split_address, without_login
from stockade.errors import BadIndex, UsageError
from stockade.model.project import ProjectName

Installer = Literal["pip", "uv"]


class SourceKind(StrEnum):
    """How a source lists its files."""

    SIMPLE = "simple"  #: a simple index: a page for each project (PEP 503, PEP 691)
    FLAT = "flat"  #: one page or folder with files of any project, in the order of precedence (uv)
    LINKS = "links"  #: find-links: the same, but beside every index


class Strategy(StrEnum):
    """What holds where several indexes know a project."""

    MERGE = "merge"  #: files of all of them (pip; uv's unsafe-best-match)
    FIRST = "first"  #: only the first index that knows it (uv's default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that lists files. `url` holds no credentials; it is http, https or file.

    An `explicit` one (uv) serves only the projects that are pinned to its `name`.
    """

    url: str
    kind: SourceKind = SourceKind.SIMPLE
    login: Login | None = field(default=None, repr=False)
    name: str = ""
    explicit: bool = False

    @property
    def label(self) -> str:
        """What ArtifactRef.index says."""
        return self.url


@dataclass(frozen=True, slots=True)
class Proxies:
    """Where requests go through; `bypass` is NO_PROXY, split. The URLs may hold a login, so they are secrets."""

    http: Secret | None = None
    https: Secret | None = None
    bypass: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """How this person's installer reaches its index.

    `sources` stand in order of precedence, the default index among them. `pins` says which projects come from
    one named source alone (uv's [tool.uv.sources]). `ca` is a PEM file or a folder of them, `client` a PEM file
    with certificate and key. `timeout` is in seconds. `constraints` are files
    that hold for every resolution, `notes` sentences that a person should read.
    """

    installer: Installer
    sources: tuple[Source, ...]
    strategy: Strategy = Strategy.MERGE
    pins: Mapping[ProjectName, str] = field(default_factory=dict)
    no_index: bool = False
    ca: Path | None = None
    client: Path | None = None
    proxies: Proxies = Proxies()
    trusted: tuple[str, ...] = ()
    timeout: float = limits.READ_SECONDS
    netrc: Path | None = None
    keyring: bool = False
    constraints: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFlags:
    """What the command line (or a requirements file's options) says; it overrides every configuration."""

    installer: Literal["auto", "pip", "uv"] = "auto"
    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    no_index: bool = False
    find_links: tuple[str, ...] = ()
    ca: Path | None = None
    client: Path | None = None
    proxy: str | None = None
    trusted: tuple[str, ...] = ()
    keyring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Where configuration is looked for; `root` is ``/`` but in tests."""

    env: Mapping[str, str]
    home: Path
    cwd: Path
    root: Path = Path("/")
    platform: str = sys.platform

    def located(self, path: str) -> Path:
        """A path that a person wrote: in the home, absolute, or from here."""
        return self.home / path[2:] if path.startswith("~/") else self.cwd / path

    def under_root(self, path: str) -> Path:
        """An absolute path of the system's."""
        return self.root / path.lstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one installer's configuration says, before the environment that both share is added.

    `origin` names the files and variables it was found in; `sources` has no default index unless configured.
    """

    sources: tuple[Source, ...] = ()
    has_default: bool = False
    strategy: Strategy = Strategy.MERGE
    pins: Mapping[ProjectName, str] = field(default_factory=dict)
    no_index: bool = False
    ca: Path | None = None
    client: Path | None = None
    proxy: Secret | None = None
    trusted: tuple[str, ...] = ()
    timeout: float | None = None
    keyring: bool = False
    constraints: tuple[Path, ...] = ()
    origin: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def index_settings(
    env: Mapping[str, str],
    *,
    home: Path,
    cwd: Path,
    flags: IndexFlags = IndexFlags(),
    root: Path = Path("/"),
    platform: str = sys.platform,
) -> IndexSettings:
    """The settings of the installer that works here: uv where it is configured or `cwd` is its project, else pip.

    `flags.installer` chooses otherwise. Raises UsageError where a configuration cannot be read, since guessing
    would judge other files than the installer takes.
    """
    from stockade.acquire.index.pip_settings import read_pip
    from stockade.acquire.index.uv_settings import is_uv_here, read_uv

    world = World(env=env, home=home, cwd=cwd, root=root, platform=platform)
    here: Installer = "uv" if is_uv_here(world) else "pip"
    installer: Installer = here if flags.installer == "auto" else flags.installer
    found = read_uv(world) if installer == "uv" else read_pip(world)
    notes = found.notes
    if flags.installer == "auto" and installer == "uv":
        notes += _difference(found, _quietly(read_pip, world))
    found = _flagged(replace(found, notes=notes), flags, world)
    return _settled(found, installer, world)


def default_index() -> str:
    """The index that pip uses where nothing is configured: the constant that it carries."""
    from pip._internal.models.index import PyPI

    return PyPI.simple_url


def source_of(text: str, where: str, base: Path, kind: SourceKind = SourceKind.SIMPLE) -> Source:
    """A Source from a URL or a path (relative to `base`); raises UsageError, naming `where`, for any other."""
    text = text.strip()
    is_url = "://" in text or text.startswith("file:")
    scheme = split_address(text, where).scheme.lower() if is_url else ""
    if scheme in {"http", "https"}:
        url, login = without_login(text, where)
        if not urlsplit(url).hostname:
            raise UsageError(f"the URL in {where} names no host")
        return Source(url=url, login=login, kind=kind)
    if scheme == "file":
        return Source(url=text, kind=kind)
    if scheme:
        raise UsageError(f"the URL in {where} is neither http, https nor file")
    return Source(url=(base / text).absolute().as_uri(), kind=kind)


def _index(text: str, where: str, base: Path) -> Source:
    """As `source_of`, of what a person typed: a slip would be taken for a folder that has nothing."""
    found = source_of(text, where, base)
    if found.url.startswith("file:") and "://" not in text and not text.strip().startswith("file:"):
        folder = base / text.strip()
        if not text.strip() or not folder.is_dir():
            raise BadIndex(f"{where} {text!r} is neither a URL nor a folder that exists")
    return found


def _flagged(found: Found, flags: IndexFlags, world: World) -> Found:
    """`found` with what the command line says on top."""
    if flags.index_url is not None:
        chosen = _index(flags.index_url, "--index-url", world.cwd)
        links = tuple(one for one in found.sources if one.kind is SourceKind.LINKS)
        found = replace(found, sources=(chosen, *links), has_default=True, pins={})
    extra = tuple(_index(one, "--extra-index-url", world.cwd) for one in flags.extra_index_urls)
    links = tuple(source_of(one, "--find-links", world.cwd, SourceKind.LINKS) for one in flags.find_links)
    proxy = Secret(flags.proxy) if flags.proxy else found.proxy
    return replace(
        found,
        sources=extra + found.sources + links,
        no_index=found.no_index or flags.no_index,
        ca=flags.ca or found.ca,
        client=flags.client or found.client,
        proxy=proxy,
        trusted=found.trusted + flags.trusted,
        keyring=found.keyring or flags.keyring,
    )


def _settled(found: Found, installer: Installer, world: World) -> IndexSettings:
    sources = found.sources
    if not found.has_default:
        sources += (source_of(default_index(), "pip's default", world.cwd),)
    if found.no_index:
        sources = tuple(one for one in sources if one.kind is SourceKind.LINKS)
    sources = tuple(dict.fromkeys(sources))
    return IndexSettings(
        installer=installer,
        sources=sources,
        strategy=found.strategy,
        pins=found.pins,
        no_index=found.no_index,
        ca=found.ca,
        client=found.client,
        proxies=proxies_of(found.proxy, world.env),
        trusted=tuple(dict.fromkeys(one.lower() for one in found.trusted)),
        timeout=min(max(found.timeout or limits.READ_SECONDS, 1.0), limits.MAX_TIMEOUT),
        netrc=netrc_file(world),
        keyring=found.keyring,
        constraints=found.constraints,
        notes=found.notes + _warnings(sources, found.trusted),
    )


def proxies_of(configured: Secret | None, env: Mapping[str, str]) -> Proxies:
    """A configured proxy for everything, else those of the environment with their NO_PROXY."""
    if configured is not None:
        return Proxies(configured, configured)

    def variable(*names: str) -> str | None:
        found = (env.get(name.lower()) or env.get(name.upper()) for name in names)
        return next((one for one in found if one), None)

    def secret(text: str | None) -> Secret | None:
        if not text:
            return None
        return Secret(text if "://" in text else f"http://{text}")

    bypass = variable("no_proxy") or ""
    return Proxies(
        secret(variable("http_proxy", "all_proxy")),
        secret(variable("https_proxy", "all_proxy")),
        tuple(part.strip().lower() for part in bypass.split(",") if part.strip()),
    )


def netrc_file(world: World) -> Path | None:
    """The netrc file that counts here, if there is one."""
    named = world.env.get("NETRC")
    if named:
        return Path(named)
    for name in (".netrc", "_netrc"):
        path = world.home / name
        if path.is_file():
            return path
    return None


def _warnings(sources: tuple[Source, ...], trusted: tuple[str, ...]) -> tuple[str, ...]:
    notes = [
        f"trusted-host {host}: its certificate is not checked, so whoever sits between may change what it serves"
        for host in dict.fromkeys(trusted)
    ]
    for one in sources:
        parts = urlsplit(one.url)
        if parts.scheme == "http" and not _loopback(parts.hostname or ""):
            notes.append(f"{one.label} is plain http: whoever sits between may change what it serves")
    return tuple(notes)


def _loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def _quietly(read: Callable[[World], Found], world: World) -> Found | None:
    """The other installer's configuration, only to compare: where it cannot be read, there is no comparison."""
    try:
        return read(world)
    except UsageError:
        return None


def _difference(used: Found, other: Found | None) -> tuple[str, ...]:
    if other is None or not other.origin:
        return ()
    if {one.url.rstrip("/") for one in used.sources} == {one.url.rstrip("/") for one in other.sources}:
        return ()
    places = ", ".join(other.origin)
    return (
        f"uv's index is used here; pip is set up with another one ({places}): --installer pip checks that",
    )
