"""The loopback index that uv looks through: every release as one wheel with its metadata beside it.

uv sees no sdist, so there is nothing that it could build; no file of the real index, so there is nothing
that it could download; and no credentials. What it asks for is answered by a `View`, in the threads of this
server. See docs/decisions/0003-resolver.md.
"""

from __future__ import annotations

import secrets
import sys
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import quote, unquote

import msgspec

from stockade.acquire.resolve.pane import Pane
from stockade.errors import StockadeError

_JSON = "application/vnd.pypi.simple.v1+json"


class View(Protocol):
    """What the window shows. Both are called from several threads at once."""

    def releases(self, name: str) -> Sequence[Pane] | None:
        """The releases of a project; None where the index does not know it."""

    def metadata(self, name: str, version: str) -> bytes | None:
        """The core metadata of one release; None where there is no such release."""


class Window:
    """A server on 127.0.0.1, as a context manager. `url` holds a secret, so that nobody else can ask.

    `failure` is the first error that the view raised; uv is told 503 then, or nothing.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.failure: BaseException | None = None
        self.secret = secrets.token_urlsafe(16)
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The index URL for uv."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}/{self.secret}/simple"

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, content type and body for a request path."""
        match path.split("/"):
            case ["", secret, "simple", name, ""] if secrets.compare_digest(secret, self.secret):
                panes = self.view.releases(name)
                return (404, "", b"") if panes is None else (200, _JSON, _listing(name, panes))
            case ["", secret, "file", name, version, _] if secrets.compare_digest(secret, self.secret):
                text = self.view.metadata(name, version) if path.endswith(".metadata") else None
                return (404, "", b"") if text is None else (200, "text/plain", text)
            case _:
                return 404, "", b""


def _listing(name: str, panes: Sequence[Pane]) -> bytes:
    escaped = name.replace("-", "_")
    files: list[Mapping[str, object]] = []
    for pane in panes:
        filename = f"{escaped}-{pane.version}-py3-none-any.whl"
        entry: dict[str, object] = {
            "filename": filename,
            "url": f"../../file/{name}/{quote(pane.version)}/{quote(filename)}",
            "hashes": {},
            "core-metadata": True,
        }
        if pane.requires_python:
            entry["requires-python"] = pane.requires_python
        if pane.yanked is not None:
            entry["yanked"] = pane.yanked or True
        files.append(entry)
    page = {"meta": {"api-version": "1.0"}, "name": name, "files": files}
    return msgspec.json.encode(page)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, window: Window) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.window = window

    def handle_error(self, request: object, client_address: object) -> None:
        """A bug of ours is kept for the thread that waits for uv, instead of being printed and lost."""
        self.window.failure = self.window.failure or sys.exception()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing on stderr."""

    def do_GET(self) -> None:
        """Answer from the view."""
        window = self.server.window
        try:
            status, kind, body = window.answer(unquote(self.path.partition("?")[0]))
        except StockadeError as why:
            window.failure = window.failure or why
            status, kind, body = 503, "text/plain", b""
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            # The port and the secret change with every run: a kept answer would only fill uv's cache.
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True  # uv had what it needed and left
