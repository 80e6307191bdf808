"""A package index on loopback that serves inert packages, well or badly.

    with TwinIndex({"alpha": [TwinFile("alpha-1.0-py3-none-any.whl", data)]}) as index:
        … index.url …            # http://127.0.0.1:PORT/simple/

Listings are at ``/simple/NAME/`` (JSON or HTML by ``Accept``, PEP 691 and 503), a project's own JSON at
``/pypi/NAME/json`` (its faults are keyed ``NAME/json``), files at ``/files/FILENAME``,
core metadata beside them (PEP 658/714), what ``index.attest`` put there at ``/integrity/FILENAME`` (faults:
``FILENAME.provenance``). What was asked stands in ``index.log``. A `Fault` keyed by a project
name or a file name makes that one thing misbehave; ``index.faults`` may be changed while it serves.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import unquote

from tests.support.index_pages import TwinFile, TwinProject, html_page, json_page
from tests.support.tls import Certificates, make_certificates

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"
INTEGRITY = "application/vnd.pypi.integrity.v1+json"

__all__ = ["HTML", "JSON", "Fault", "FaultKind", "Hit", "Packages", "TwinFile", "TwinIndex", "TwinProject"]

FaultKind = Literal[
    "slow",  # waits `seconds` before it answers
    "held",  # waits for `index.release`
    "stall",  # sends half, then nothing for `seconds`, then the rest
    "cut",  # announces everything, sends half, closes
    "error",  # answers `status`
    "loop",  # redirects to itself
    "plain",  # redirects to http:// (a port where nothing listens)
    "elsewhere",  # redirects to `target`
    "page",  # a page of HTML that is no listing
    "garbage",  # a body of `body` with the type that was asked for
    "endless",  # sends zeros until the client leaves, at most 69 MiB
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave, for the first `times` requests (None: always)."""

    kind: FaultKind
    times: int | None = None
    seconds: float = 0.0
    status: int = 500
    retry_after: str | None = None
    target: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Hit:
    """One request that came in."""

    path: str
    status: int
    headers: Mapping[str, str]


@dataclass(slots=True)
class _Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    #: How many bytes are really sent.
    sent: int | None = None
    endless: bool = False
    #: Seconds of silence after the first half.
    pause: float = 0.0


Packages = Mapping[str, TwinProject | Sequence[TwinFile]]


class TwinIndex:
    """The server; a context manager. Every option may be left out.

    `json` and `html` say which formats it speaks, `sizes` whether listings give ``size`` (PEP 700),
    `auth` is a user and password that it insists on, `max_age` what ``Cache-Control`` says (None: nothing),
    `tls` a folder for a throw-away authority (then ``index.authority`` is its PEM file)
    or `certificates` one that was made already,
    `ask_client` makes it insist on ``index.certificates.client``.
    """

    def __init__(
        self,
        packages: Packages,
        *,
        json: bool = True,
        html: bool = True,
        api_version: str = "1.1",
        sizes: bool = True,
        auth: tuple[str, str] | None = None,
        max_age: int | None = None,
        faults: Mapping[str, Fault] | None = None,
        tls: Path | None = None,
        certificates: Certificates | None = None,
        ask_client: bool = False,
    ) -> None:
        self.projects: dict[str, TwinProject] = {}
        for name, files in packages.items():
            self.put(name, files)
        self.json, self.html, self.api_version, self.sizes = json, html, api_version, sizes
        self.auth, self.max_age = auth, max_age
        self.faults: dict[str, Fault] = dict(faults or {})
        self.provenances: dict[str, bytes] = {}
        self.log: list[Hit] = []
        #: What is "held" answers once it is set; `holding` are the names of those.
        self.release = threading.Event()
        self.holding: list[str] = []
        self.certificates = make_certificates(tls) if tls else certificates
        self._ask_client = ask_client
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def put(self, name: str, files: TwinProject | Sequence[TwinFile]) -> None:
        """Add or replace a project."""
        project = files if isinstance(files, TwinProject) else TwinProject(tuple(files))
        self.projects[re.sub(r"[-_.]+", "-", name).lower()] = project

    def attest(self, filename: str, provenance: bytes) -> None:
        """Name a provenance object (PEP 740) for a file, at an address of this index; it must be serving."""
        self.provenances[filename] = provenance
        for name, project in self.projects.items():
            files = tuple(
                replace(one, provenance=f"{self.base}/integrity/{filename}")
                if one.filename == filename
                else one
                for one in project.files
            )
            self.projects[name] = replace(project, files=files)

    def __enter__(self) -> Self:
        context = None
        if self.certificates:
            context = self.certificates.server_context(ask_client=self._ask_client)
        self._server = _Server(self, context)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.stop()

    def go_on(self) -> None:
        """End every pause and slowness, for good."""
        assert self._server is not None
        self._server.stopping.set()

    @property
    def base(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        assert self._server is not None, "use it in a with statement"
        scheme = "https" if self.certificates else "http"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """The index URL, as an installer takes it."""
        return f"{self.base}/simple/"

    @property
    def url_with_password(self) -> str:
        """The index URL with `auth` in it."""
        assert self.auth is not None
        return self.url.replace("://", f"://{self.auth[0]}:{self.auth[1]}@")

    @property
    def authority(self) -> Path:
        """The PEM file of the throw-away authority."""
        assert self.certificates is not None
        return self.certificates.authority

    def hits(self, part: str = "") -> list[str]:
        """The paths asked for that contain `part`, in order."""
        with self._lock:
            return [hit.path for hit in self.log if part in hit.path]

    # What the handler asks.

    def note(self, hit: Hit) -> None:
        """Write a request down."""
        with self._lock:
            self.log.append(hit)

    def take_fault(self, name: str) -> Fault | None:
        """The fault of a project or file, counted down."""
        with self._lock:
            fault = self.faults.get(name)
            if fault is None or fault.times is None:
                return fault
            if fault.times <= 0:
                return None
            self.faults[name] = replace(fault, times=fault.times - 1)
            return fault

    def file(self, filename: str) -> TwinFile | None:
        """The file of that name."""
        found = (one for project in self.projects.values() for one in project.files)
        return next((one for one in found if one.filename == filename), None)

    def listing(self, name: str, accept: str) -> _Answer:
        """The project page in the format that `accept` prefers of those spoken here."""
        project = self.projects.get(name)
        if project is None:
            return _Answer(404, b"no such project")
        if self.json and (JSON in accept or not self.html):
            return _Answer(
                200,
                json_page(name, project, api_version=self.api_version, sizes=self.sizes),
                {"Content-Type": JSON},
            )
        kind = HTML if HTML in accept else "text/html"
        return _Answer(200, html_page(name, project), {"Content-Type": kind})

    def about(self, name: str, version: str) -> _Answer:
        """The project's own JSON, or that of one of its releases."""
        project = self.projects.get(name)
        told = project and (project.releases.get(version) if version else project.about)
        if told is None:
            return _Answer(404, b"no such project")
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        return _Answer(200, body, {"Content-Type": "application/json"})

    def names(self, accept: str) -> _Answer:
        """The list of all projects."""
        if self.json and JSON in accept:
            names = [{"name": name} for name in sorted(self.projects)]
            body = json.dumps({"meta": {"api-version": self.api_version}, "projects": names}).encode()
            return _Answer(200, body, {"Content-Type": JSON})
        links = "".join(f'<a href="{name}/">{name}</a>\n' for name in sorted(self.projects))
        return _Answer(
            200, f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), {"Content-Type": HTML}
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, index: TwinIndex, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.index = index
        self.stopping = threading.Event()
        self._context = context
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection; in the connection's own thread, so a slow handshake blocks nobody."""
        with self._guard:
            self._open.add(request)
        wrapped = request
        try:
            if self._context:
                request.settimeout(10)
                wrapped = self._context.wrap_socket(request, server_side=True)
            super().finish_request(wrapped, client_address)
        except OSError:
            pass  # the client went away, or would not trust us: its side of the test tells
        finally:
            wrapped.close()
            with self._guard:
                self._open.discard(request)

    def stop(self) -> None:
        """Close the door, then whatever is still open."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._guard:
            for one in self._open:
                with contextlib.suppress(OSError):  # closed meanwhile
                    one.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the parent's name)
        """Nothing on stderr; the log is a list."""

    def do_HEAD(self) -> None:
        self._serve(body=False)

    def do_GET(self) -> None:
        self._serve(body=True)

    def _serve(self, *, body: bool) -> None:
        index = self.server.index
        path = unquote(self.path.partition("?")[0])
        answer = self._answer(index, path)
        index.note(Hit(self.path, answer.status, {key.lower(): value for key, value in self.headers.items()}))
        self.send_response(answer.status)
        for key, value in answer.headers.items():
            self.send_header(key, value)
        if answer.status != 304 and "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if not body or answer.status == 304:
            return
        if answer.endless:
            self._pour()
        half = len(answer.body) // 2 if answer.pause else 0
        if half:
            self.wfile.write(answer.body[:half])
            self.server.stopping.wait(answer.pause)
        self.wfile.write(answer.body[half : answer.sent])
        if answer.sent is not None:
            self.close_connection = True

    def _pour(self) -> None:
        self.close_connection = True
        for _ in range(1100):
            if self.server.stopping.is_set():
                return
            self.wfile.write(bytes(1 << 16))

    def _answer(self, index: TwinIndex, path: str) -> _Answer:
        if index.auth and not self._authorised(index.auth):
            return _Answer(401, b"who are you?", {"WWW-Authenticate": 'Basic realm="twin"'})
        kind, name = self._subject(path)
        fault = index.take_fault(name)
        if fault and fault.kind == "slow":
            self.server.stopping.wait(fault.seconds)
            fault = None
        if fault and fault.kind == "held":
            index.holding.append(name)
            while not index.release.wait(0.02) and not self.server.stopping.is_set():
                pass
            fault = None
        if fault and fault.kind not in {"cut", "stall"}:
            return self._faulty(fault)
        answer = self._honest(index, kind, name)
        if fault and fault.kind == "cut":
            answer.sent = len(answer.body) // 2
        elif fault:
            answer.pause = fault.seconds
        return answer

    def _honest(self, index: TwinIndex, kind: str, name: str) -> _Answer:
        accept = self.headers.get("Accept", "")
        if kind == "names":
            return index.names(accept)
        if kind == "listing":
            return self._conditional(index, index.listing(name, accept))
        if kind == "about":
            project, _, version = name.removesuffix("/json").partition("/")
            return self._conditional(index, index.about(project, version))
        if kind == "integrity":
            told = index.provenances.get(name.removesuffix(".provenance"))
            return _Answer(404) if told is None else _Answer(200, told, {"Content-Type": INTEGRITY})
        found = index.file(name.removesuffix(".metadata")) if kind == "file" else None
        if found is None:
            return _Answer(404, b"no such file")
        if name.endswith(".metadata"):
            if found.metadata is None:
                return _Answer(404, b"no such file")
            return _Answer(200, found.metadata, {"Content-Type": "text/plain"})
        return _Answer(200, found.data, {"Content-Type": "application/octet-stream"})

    def _conditional(self, index: TwinIndex, answer: _Answer) -> _Answer:
        if answer.status != 200:
            return answer
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        answer.headers |= {"ETag": tag, "Vary": "Accept", "Date": self.date_time_string(int(time.time()))}
        if index.max_age is not None:
            answer.headers["Cache-Control"] = f"max-age={index.max_age}, public"
        if self.headers.get("If-None-Match") == tag:
            return _Answer(304, b"", answer.headers)
        return answer

    def _faulty(self, fault: Fault) -> _Answer:
        match fault.kind:
            case "error":
                retry = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
                return _Answer(fault.status, b"sorry", retry)
            case "loop":
                return _Answer(302, b"", {"Location": self.path})
            case "plain":
                return _Answer(302, b"", {"Location": f"http://127.0.0.1:9{self.path}"})
            case "elsewhere":
                return _Answer(302, b"", {"Location": fault.target})
            case "page":
                body = b"<!DOCTYPE html><html><body><h1>Please sign in</h1></body></html>"
                return _Answer(200, body, {"Content-Type": "text/html"})
            case "garbage":
                kind = JSON if "/simple/" in self.path else "application/octet-stream"
                return _Answer(200, fault.body, {"Content-Type": kind})
            case _:
                kind = JSON if "/simple/" in self.path else "application/octet-stream"
                headers = {"Content-Type": kind, "Connection": "close", "Content-Length": str(1 << 40)}
                return _Answer(200, b"", headers, endless=True)

    def _authorised(self, auth: tuple[str, str]) -> bool:
        wanted = base64.b64encode(":".join(auth).encode()).decode()
        return bool(self.headers.get("Authorization") == f"Basic {wanted}")

    @staticmethod
    def _subject(path: str) -> tuple[str, str]:
        match [part for part in path.split("/") if part]:
            case ["simple"]:
                return "names", ""
            case ["simple", name]:
                return "listing", name
            case ["files", name]:
                return "file", name
            case ["integrity", name]:
                return "integrity", f"{name}.provenance"
            case ["pypi", name, "json"]:
                return "about", f"{name}/json"
            case ["pypi", name, version, "json"]:
                return "about", f"{name}/{version}/json"
            case _:
                return "", ""
