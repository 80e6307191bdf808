"""What is answered to whom: the application behind every connection.

    /simple/NAME/            a project's page                          (as an index)
    /files/NAME/SHA256/FILE  a file of it, and its metadata beside it
    http(s)://host/…         the same for any index and file           (as a proxy)
    /-/health                whether it works
    /-/withheld/NAME         what the page of a project leaves out, and why

A page leaves out what nobody may have; a file goes out on a verdict for exactly its bytes.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from stockade import __version__, limits
from stockade.acquire.index.credentials import shown_url
from stockade.act.gate import listings, text_only
from stockade.act.gate.bench import Bench
from stockade.act.gate.book import Book, Verdict
from stockade.act.gate.door import Door
from stockade.act.gate.front import KNOWN, ORIGIN
from stockade.act.gate.leaving import Leaving
from stockade.act.gate.pages import Pages
from stockade.act.gate.ports import Judge, Upstream
from stockade.act.gate.record import Event, Recorder, Remembered
from stockade.act.gate.refusal import problem, refused
from stockade.act.gate.turns import Turns
from stockade.act.gate.urls import About, File, Nothing, Overview, Project, Roads
from stockade.act.report.shown import shown
from stockade.errors import (
    BadRequirement,
    FetchFailed,
    IndexUnavailable,
    ProjectNotFound,
    StockadeError,
    StoreFailed,
)
from stockade.model.artifact import Artifact
from stockade.model.decision import Undetermined
from stockade.model.project import ArtifactRef, Digest, ProjectName, project_name

_ABSOLUTE = re.compile(rb"https?://[^/?#]+")
_WITHHELD = re.compile(r"/-/withheld/([^/]+)/?")
_SIMPLE = re.compile(r"/simple/([^/]+)/?")
_FILE = re.compile(r"/files/([^/]+)/([0-9a-f]{64}|-)/([^/]+)")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a gate serves. `patient` holds a request until its file is judged, however long that takes; `patience` are
    the seconds after which a standing gate asks pip, and others, to come again."""

    patient: bool = True
    patience_pip: float = limits.GATE_PATIENCE_PIP
    patience: float = limits.GATE_PATIENCE


class Gate:
    """The ASGI application. Belongs to one event loop."""

    def __init__(
        self,
        upstream: Upstream,
        judge: Judge,
        *,
        door: Door = Door(),  # noqa: B008 (frozen)
        recorder: Recorder | None = None,
        terms: Terms = Terms(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._upstream, self._judge, self._door = upstream, judge, door
        self._terms, self._clock = terms, clock
        self.recorder: Recorder = recorder or Remembered()
        self.book = Book(judge.road, clock)
        self.bench = Bench(judge, self.book, single=terms.patient)
        self.roads = Roads(upstream.bases)
        # What may wait for an index, and what is only read here.
        self._asking = Turns(limits.MAX_GATE_ASKING, limits.MAX_GATE_ASKING_EACH, "index")
        self._reading = Turns(limits.MAX_GATE_READING, limits.MAX_GATE_READING_EACH, "shelf")
        self.pages = Pages(upstream, judge, self.book, self.roads, clock, self._asking, told=terms.patient)

    def close(self) -> None:
        """Begin nothing any more; whoever waits for a verdict hears of it."""
        self.bench.close()
        for turns in (self._asking, self._reading):
            turns.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except (ProjectNotFound, BadRequirement) as why:
            response = problem(404, "Not found", str(why))
        except IndexUnavailable as why:
            response = problem(502, "The index cannot be asked", f"Stockade: {why}")
        except FetchFailed as why:
            response = problem(403, "Refused by Stockade", f"Stockade: {why}", decision="undetermined")
        except StockadeError as why:
            response = problem(503, "The gate cannot answer", f"Stockade: {why}. {why.hint}")
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        origin = request.scope["state"].get(ORIGIN)
        raw = request.scope["raw_path"]
        target = raw.decode("ascii")
        if origin is None and (found := _ABSOLUTE.match(raw)):
            if self._door.authority is None:
                return problem(405, "Not a proxy", "Stockade: this gate is an index, not a proxy")
            origin, target = found[0].decode("ascii"), target[found.end() :] or "/"
        elif origin is None and self._door.authority is None:
            return await self._own(request)
        elif origin is None:
            return await self._own(request) if request.scope["path"].startswith("/-/") else _no_index()
        if not request.scope["state"].get(KNOWN) and not self._shown_token(request):
            return Response(status_code=407, headers={"proxy-authenticate": "Basic realm=stockade"})
        if not target.startswith("/"):  # behind an origin it would name another host
            return problem(400, "Not a request", "Stockade: that is no request that a proxy can follow")
        query = request.scope["query_string"].decode("ascii", "replace")
        return await self._proxied(request, f"{origin}{target}{'?' if query else ''}{query}")

    def _shown_token(self, request: Request) -> bool:
        kind, _, login = request.headers.get("proxy-authorization", "").partition(" ")
        return self._door.admits(login.strip().encode() if kind.lower() == "basic" else b"")

    async def _own(self, request: Request) -> Response:
        """As an index, or about itself."""
        path = request.scope["path"]  # and not what the Host header makes of it
        if request.method not in {"GET", "HEAD"}:
            return problem(
                405, "Not here", "Stockade's gate only serves packages; upload to the index itself"
            )
        if path == "/-/health":
            trouble = self.recorder.trouble
            told = {"status": "failing" if trouble else "ok", "stockade": __version__, "trouble": trouble}
            return JSONResponse(told, 503 if trouble else 200)
        if self._door.authority is None and (found := _WITHHELD.fullmatch(path)):
            name = project_name(found[1])
            left_out = await self.pages.withheld(name, client_of(request))
            why = {shown(version): shown(reason) for version, reason in left_out.items()}
            return JSONResponse({"project": name, "withheld": why}, headers={"cache-control": "no-store"})
        if path in {"/simple/", "/simple"}:
            return _no_overview()
        if found := _SIMPLE.fullmatch(path):
            name = project_name(found[1])
            if path != f"/simple/{name}/":
                return RedirectResponse(f"/simple/{name}/", 301)
            return await self._page(request, name, None)
        if found := _FILE.fullmatch(path):
            name, wanted, filename = project_name(found[1]), found[2], found[3]
            metadata = filename.endswith(".whl.metadata")
            filename = filename.removesuffix(".metadata") if metadata else filename
            ref = await self.pages.file(
                name,
                lambda one: one.filename == filename and (one.sha256 or "-") == wanted,
                client_of(request),
            )
            if ref is not None:
                return await (self._metadata(request, ref) if metadata else self._file(request, ref))
        return problem(404, "Not found", "Stockade: the index has no such file")

    async def _proxied(self, request: Request, url: str) -> Response:
        """As a proxy, towards any host."""
        try:
            where = shown_url(url)
        except ValueError:
            return problem(400, "Not a request", "Stockade: that is no address")
        if request.method not in {"GET", "HEAD"}:
            said = f"Stockade lets only packages through, and {request.method} {where} fetches none"
            return problem(403, "Refused by Stockade", said)
        meaning = self.roads.meaning(url, request.headers.get("accept", ""))
        match meaning:
            case Project(name, base):
                return await self._page(request, name, base)
            case Overview():
                return _no_overview()
            case File(ref, metadata, direct):
                ref = await self._listed(ref, client_of(request)) if direct else ref
                return await (self._metadata(request, ref) if metadata else self._file(request, ref))
            case About(address):
                return await self._about(address, client_of(request))
            case Nothing():
                return Response("<!DOCTYPE html><html><body></body></html>", media_type=listings.PLAIN)
            case None:
                said = f"Stockade lets only judged packages through, and {where} is none (see --pass)"
                return problem(403, "Refused by Stockade", said)

    async def _about(self, address: str, client: str) -> Response:
        """A project's own JSON, or that of a release."""
        found = await self._asking.run(client, self._upstream.page, address)
        if found is None:
            return Response(status_code=404)
        if not await run_in_threadpool(text_only.is_json, found[1]):
            return problem(
                403, "Refused by Stockade", f"Stockade: {shown_url(address)} is not the JSON it says"
            )
        return Response(found[1], media_type=found[0])

    async def _listed(self, ref: ArtifactRef, client: str) -> ArtifactRef:
        """The file that an index lists at this address, if one does: with its digest, and whose it is."""
        try:
            await self.pages.kept(ref.release.name, None, client)
        except (ProjectNotFound, IndexUnavailable):
            return ref
        return self.roads.file(ref.url) or ref

    async def _page(self, request: Request, name: ProjectName, base: str | None) -> Response:
        kept = await self.pages.kept(name, base, client_of(request))
        kind = listings.kind_for(request.headers.get("accept", ""), request.query_params.get("format", ""))
        body, etag = await self.pages.rendered(name, kept, kind, base is None)
        headers = {"cache-control": "no-cache", "etag": etag, "vary": "Accept"}
        if kept.stale:
            headers |= {
                "age": str(int(kept.stale)),
                "warning": '110 - "the index cannot be asked, this is older"',
            }
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type=kind)

    async def _metadata(self, request: Request, ref: ArtifactRef) -> Response:
        client = client_of(request)
        body = await self._asking.run(client, self._upstream.metadata, ref)
        if body is None:
            return problem(
                404, "Not found", f"Stockade: {ref.filename} has no metadata that can be read apart"
            )
        if not text_only.is_metadata(body):
            raise FetchFailed(f"what is offered as the metadata of {ref.filename} is none")
        self.bench.foresee(ref, python_of(request.headers.get("user-agent", "")), client)
        return Response(body, headers={"cache-control": "no-cache"}, media_type="application/octet-stream")

    async def _file(self, request: Request, ref: ArtifactRef) -> Response:
        """1. A verdict; 2. the bytes it is about, and no others; 3. the decision once more, now that they are here."""
        agent, client = request.headers.get("user-agent", ""), client_of(request)
        verdict = await self._verdict(ref, agent, client)
        if verdict is None:
            again = {"retry-after": str(limits.GATE_RETRY_AFTER)}
            response = problem(503, "Not judged yet", f"Stockade is still judging {ref.filename}; try again")
            response.headers.update(again)
            return response
        if verdict.passes and self.recorder.trouble:
            verdict = Verdict(Undetermined((f"nothing goes out unrecorded: {self.recorder.trouble}",)))
        if not verdict.passes:
            return self._refused(request, agent, ref, verdict)
        sha256 = self.book.sha256(ref)
        if sha256 is None:
            raise StoreFailed("the verdict was forgotten before it was used")
        try:
            artifact = await self._bytes(replace(ref, sha256=Digest(sha256)), client)
        except FetchFailed as why:
            return self._refused(request, agent, ref, Verdict(Undetermined((str(why),))))
        last = self.book.verdict(ref)
        if last is None or not last.passes or self.book.sha256(ref) != sha256:
            return await self._file(request, ref)
        etag = f'"{sha256}"'
        headers = {"cache-control": "no-cache", "etag": etag, "accept-ranges": "bytes"}
        if request.method == "GET":
            event = self._event(request, agent, ref, last)
            self._behind(ref, python_of(agent))
            if objection := await self.recorder.delivers(event):
                return refused(ref, Verdict(Undetermined((objection,))), self._judge.road())
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Leaving(artifact.path, headers, self._stands(ref), lambda: self._file(request, ref))

    async def _bytes(self, ref: ArtifactRef, client: str) -> Artifact:
        """What was judged: from this machine, where it waits for nobody; else had again."""
        kept = await self._reading.run(client, self._upstream.here, ref)
        if kept is not None:
            return kept
        return await self._asking.run(client, self._upstream.fetch, ref)

    def _stands(self, ref: ArtifactRef) -> Callable[[], bool]:
        """Tells whether a file still passes: looked at when something was learnt, when the rules changed, and once a
        second for the clock's sake."""
        checked: tuple[object, ...] = ()
        at = 0.0

        def stands() -> bool:
            nonlocal checked, at
            road, now = self._judge.road(), self._clock()
            stamp = (self.book.version, road.policy, road.waivers, road.advisories.token())
            if checked == stamp and 0 <= now - at < 1:
                return True
            checked, at = stamp, now
            found = self.book.verdict(ref)
            return found is not None and found.passes

        return stands

    async def _verdict(self, ref: ArtifactRef, agent: str, client: str) -> Verdict | None:
        """What is decided; None where that takes longer than the client may be kept waiting."""
        wanted = self.bench.verdict(ref, python_of(agent), client)
        if self._terms.patient:
            return await wanted
        patience = self._terms.patience_pip if agent.startswith("pip/") else self._terms.patience
        try:
            return await asyncio.wait_for(wanted, patience)
        except TimeoutError:
            return None

    def _behind(self, ref: ArtifactRef, python: str | None) -> None:
        """Judge the other files of a release that goes out, those for other machines, when nothing else is to do: what
        is wrong with one condemns them all. Only a standing gate lives long enough."""
        page = self.pages.known(ref.release.name)
        if self._terms.patient or page is None:
            return
        others = [
            one
            for one in page.files
            if one.release == ref.release and one != ref and (one.size or 0) <= limits.MAX_GATE_BEHIND
        ]
        for one in others[: limits.MAX_GATE_FILES_BEHIND]:
            self.bench.behind(one, python)

    def again(self, event: Event) -> Event | None:
        """What would be decided now about a file that went out; None where nothing is known of it any more."""
        verdict = self.book.verdict(event.ref)
        return None if verdict is None else replace(event, at=datetime.now(UTC), verdict=verdict)

    def _refused(self, request: Request, agent: str, ref: ArtifactRef, verdict: Verdict) -> Response:
        self.recorder.refused(self._event(request, agent, ref, verdict))
        return refused(ref, verdict, self._judge.road())

    def _event(self, request: Request, agent: str, ref: ArtifactRef, verdict: Verdict) -> Event:
        return Event(
            at=datetime.now(UTC),
            client=client_of(request),
            agent=agent[: limits.MAX_EXCERPT],
            ref=ref,
            sha256=self.book.sha256(ref) or "",
            verdict=verdict,
        )


def client_of(request: Request) -> str:
    """The address that a request came from; "" where it has none."""
    return request.client.host[: limits.MAX_EXCERPT] if request.client else ""


_PIP = re.compile(r'"python":\s*"(\d+\.\d+(?:\.\d+)?)')
_OTHERS = re.compile(r"\bPython/(\d+\.\d+(?:\.\d+)?)")


def python_of(agent: str) -> str | None:
    """The Python that a client installs for, as its User-Agent says (pip and uv say it as JSON, others plainly)."""
    found = _PIP.search(agent) or _OTHERS.search(agent)
    return found[1] if found else None


def _no_index() -> Response:
    return problem(404, "Not an index", "Stockade: this port is a proxy for one command, not an index")


def _no_overview() -> Response:
    return problem(404, "Not listed", "Stockade's gate does not list all projects; ask for one by name")
