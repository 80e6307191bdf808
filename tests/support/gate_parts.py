"""What a gate stands on, in memory: an index, a judge that says what it was told to, and the socket in front."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import httpx

from stockade.acquire.index.listing import Listing
from stockade.act.gate.app import Gate, Terms
from stockade.act.gate.book import Book
from stockade.act.gate.door import Door
from stockade.act.gate.ports import Found
from stockade.act.gate.record import Recorder
from stockade.act.gate.server import running
from stockade.analyse.judge import Model
from stockade.decide.policy import Policy
from stockade.decide.waivers import Waiver
from stockade.errors import DigestMismatch, FetchFailed, ProjectNotFound
from stockade.model.artifact import Artifact, Kind
from stockade.model.assessment import Findings
from stockade.model.evidence import Evidence, Gap, GapKind, Location, Phase
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release
from stockade.pipeline import NO_BYTES, Road, Seen
from stockade.workers.inprocess import InProcess
from tests.support.archives import wheel_name

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
INDEX = "https://index.example/simple/"
PIP = 'pip/26.0 {"python":"3.12.4"}'
MODEL = Model(intercept=-3, weights={"loud": 9.0}, ask=0.5, block=0.9, fitted="", data="")
LOUD = Evidence(
    detector="loud", message="shouts", where=Location(file="setup.py", line=1), phase=Phase.INSTALL
)


def release(name: str, version: str = "1.0") -> Release:
    return Release(name=ProjectName(name), version=version)


def ref_of(name: str, version: str = "1.0", data: bytes | None = None, **more: object) -> ArtifactRef:
    """A wheel that the index lists, long since."""
    filename = str(more.pop("filename", "")) or wheel_name(name, version)
    data = bytes_of(filename) if data is None else data
    fields: dict[str, object] = {
        "release": release(name, version),
        "filename": filename,
        "url": f"https://files.example/{filename}",
        "index": INDEX,
        "sha256": Digest(hashlib.sha256(data).hexdigest()),
        "size": len(data),
        "uploaded": LONG_AGO,
    }
    return ArtifactRef(**(fields | more))  # type: ignore[arg-type]


def bytes_of(filename: str) -> bytes:
    """What a file of that name holds here."""
    return f"the bytes of {filename}\n".encode() * 40


def seen_of(
    ref: ArtifactRef, evidence: Sequence[Evidence] = (), gaps: Sequence[Gap] = (), status: str = "active"
) -> Seen:
    """One file as it comes from analysis."""
    findings = Findings(
        sha256=ref.sha256 or NO_BYTES,
        project=ref.release.name,
        version=ref.release.version,
        evidence=tuple(evidence),
        gaps=tuple(gaps),
    )
    return Seen(ref=ref, findings=findings, status=status)


def unfetched(ref: ArtifactRef) -> Seen:
    """One that could not be had."""
    gap = Gap(kind=GapKind.LIMIT, what=ref.filename, why="the connection broke")
    found = seen_of(ref, gaps=(gap,))
    return replace(found, findings=replace(found.findings, sha256=NO_BYTES))


def evict(book: Book, ref: ArtifactRef) -> None:
    """Let a book forget a release, as it does with those learnt longest ago when there are too many."""
    with book._lock:
        book.version += 1
        entry = book._entries.pop(ref.release, None)
        if entry is not None:
            book._drop(entry)


def waiver(ref: ArtifactRef, expires: datetime = NOW + timedelta(days=7)) -> Waiver:
    """An exception for one file."""
    return Waiver(
        project=ref.release.name,
        version=ref.release.version,
        sha256=ref.sha256 or NO_BYTES,
        because="we read it",
        created=NOW,
        expires=expires,
        by="somebody",
    )


class NoFacts:
    """Remembers nothing."""

    def get(self, sha256: Digest, filename: str) -> Findings | None:
        return None

    def put(self, findings: Findings, filename: str) -> None: ...


def road(policy: Policy | None = None, waivers: tuple[Waiver, ...] = (), now: datetime = NOW) -> Road:
    """The rules, without anything that analyses."""

    def never(*args: object, **more: object) -> Findings:
        raise AssertionError("nothing is analysed here")

    return Road(
        analyser=InProcess(run=never, options=None, why="a test"),
        facts=NoFacts(),
        model=MODEL,
        policy=policy or Policy(),
        waivers=waivers,
        now=now,
    )


@dataclass
class Shelf:
    """An Upstream in memory. `asked` are the listings, `fetched` the files, that it was asked for."""

    folder: Path
    pages: dict[str, Listing] = field(default_factory=dict)
    data: dict[str, bytes] = field(default_factory=dict)
    metadatas: dict[str, bytes] = field(default_factory=dict)
    others: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    bases: tuple[str, ...] = (INDEX,)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    failing: Exception | None = None
    old: float = 0.0
    #: A request for a page waits for it, where one is set; only for pages of these names, if any are given.
    hold: threading.Event | None = None
    slow: frozenset[str] = frozenset()
    #: Files, by name, that are on this machine already.
    kept: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def offer(self, *refs: ArtifactRef, status: str = "active") -> None:
        """List files, with the bytes that `ref_of` gave them the digest of."""
        for one in refs:
            name = str(one.release.name)
            had = self.pages.get(name, Listing(project=one.release.name)).files
            self.pages[name] = Listing(project=one.release.name, files=(*had, one), status=status)
            self.data.setdefault(one.url, bytes_of(one.filename))

    def listing(self, name: ProjectName, base: str | None) -> Listing:
        self.asked.append((name, base))
        if self.hold is not None and (not self.slow or name in self.slow):
            assert self.hold.wait(20)
        if self.failing is not None:
            raise self.failing
        if name not in self.pages:
            raise ProjectNotFound(f"there is no project {name} here")
        return self.pages[name]

    def stale(self, name: ProjectName, base: str | None) -> float:
        return self.old

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        return self.metadatas.get(ref.url)

    def here(self, ref: ArtifactRef) -> Artifact | None:
        return self._artifact(ref) if ref.filename in self.kept else None

    def fetch(self, ref: ArtifactRef) -> Artifact:
        self.fetched.append(ref.filename)
        return self._artifact(ref)

    def _artifact(self, ref: ArtifactRef) -> Artifact:
        data = self.data.get(ref.url)
        if data is None:
            raise FetchFailed(f"{ref.filename} is not there")
        sha256 = hashlib.sha256(data).hexdigest()
        if ref.sha256 not in {None, sha256}:
            raise DigestMismatch(f"{ref.filename} is not what {ref.index} promised")
        path = self.folder / sha256
        with self.lock:  # as in a store, what is there is never written again
            if not path.exists():
                path.write_bytes(data)
        return Artifact(
            label=ref.filename,
            filename=ref.filename,
            kind=Kind.WHEEL,
            path=str(path),
            sha256=Digest(sha256),
            size=len(data),
        )

    def page(self, url: str) -> tuple[str, bytes] | None:
        return self.others.get(url)


@dataclass
class Bench:
    """A Judge that says of each file what it was told to. `batches` are what it was asked, in order."""

    policy: Policy = field(default_factory=Policy)
    waivers: tuple[Waiver, ...] = ()
    now: datetime = NOW
    evidence: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)
    gaps: dict[str, tuple[Gap, ...]] = field(default_factory=dict)
    #: What a release brings: files, which are judged with it.
    brings: dict[Release, tuple[ArtifactRef, ...]] = field(default_factory=dict)
    failing: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    crash: BaseException | None = None
    hold: threading.Event | None = None
    #: Files that it tells of before it is held, and what it was told of its client, as often as it was asked.
    first: tuple[ArtifactRef, ...] = ()
    beside: list[tuple[list[str], list[str]]] = field(default_factory=list)
    batches: list[tuple[tuple[str, ...], str | None]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def road(self) -> Road:
        return road(self.policy, self.waivers, self.now)

    def judge(
        self,
        refs: Sequence[ArtifactRef],
        python: str | None,
        *,
        beside: Mapping[Release, ArtifactRef] = MappingProxyType({}),
        also: Sequence[ArtifactRef] = (),
        told: Callable[[Found], object] = lambda found: None,
    ) -> Found:
        with self.lock:
            self.batches.append((tuple(one.filename for one in refs), python))
            self.beside.append((sorted(map(str, beside)), sorted(one.filename for one in also)))
        for one in self.first:
            others = frozenset(other.release for other in self.brings.get(one.release, ()))
            told(Found(seen=[self._seen(one)], brings=[(one.release, others)]))
        if self.hold is not None:
            assert self.hold.wait(30), "nobody let the judge go on"
        if self.crash is not None:
            raise self.crash
        return self._found((*refs, *also))

    def _found(self, refs: Sequence[ArtifactRef]) -> Found:
        everything: dict[str, ArtifactRef] = {}
        brings: list[tuple[Release, frozenset[Release]]] = []
        queue = list(refs)
        for one in queue:
            if one.url in everything:
                continue
            everything[one.url] = one
            others = self.brings.get(one.release, ())
            brings.append((one.release, frozenset(other.release for other in others)))
            queue.extend(others)
        return Found(
            seen=[self._seen(one) for one in everything.values() if self._knows(one)],
            brings=brings,
            failed=[
                (one, self.failing[one.filename])
                for one in everything.values()
                if one.filename in self.failing
            ],
        )

    def _knows(self, ref: ArtifactRef) -> bool:
        return ref.filename not in self.failing

    def _seen(self, ref: ArtifactRef) -> Seen:
        if ref.filename in self.missing:
            return unfetched(ref)
        found = seen_of(ref, self.evidence.get(ref.filename, ()), self.gaps.get(ref.filename, ()))
        if ref.sha256 is not None:
            return found
        sha256 = Digest(hashlib.sha256(bytes_of(ref.filename)).hexdigest())
        return replace(found, findings=replace(found.findings, sha256=sha256))

    @property
    def asked(self) -> list[str]:
        """Every file that it was asked about, as often as it was."""
        with self.lock:
            beside = [name for _, names in self.beside for name in names]
            return [name for names, _ in self.batches for name in names] + beside


@dataclass
class Standing:
    """A gate on a socket."""

    port: int
    gates: list[Gate]
    door: Door

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def gate(self) -> Gate:
        """The application; there is one as soon as something was asked."""
        return self.gates[0]

    @property
    def proxy(self) -> str:
        """As environment variables name a proxy."""
        login = f"stockade:{self.door.token}@" if self.door.token else ""
        return f"http://{login}127.0.0.1:{self.port}"

    def client(self, **more: object) -> httpx.Client:
        """A client of the gate as an index."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=20, **more)  # type: ignore[arg-type]


@contextmanager
def standing(
    upstream: object,
    judge: object,
    *,
    door: Door = Door(),  # noqa: B008 (frozen)
    terms: Terms = Terms(),  # noqa: B008 (frozen)
    recorder: Recorder | None = None,
    clock: Callable[[], float] | None = None,
) -> Iterator[Standing]:
    """A gate that listens on loopback until the block ends."""
    gates: list[Gate] = []
    more: Mapping[str, object] = {} if clock is None else {"clock": clock}

    def made() -> Gate:
        gates.append(
            Gate(upstream, judge, door=door, terms=terms, recorder=recorder, **more)  # type: ignore[arg-type]
        )
        return gates[0]

    with running(made, door) as port:
        yield Standing(port, gates, door)
