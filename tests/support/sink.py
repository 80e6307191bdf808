"""A webhook on this machine that keeps what it is told, and answers as a test wants."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass
class Told:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def value(self) -> Any:
        """Its body, as JSON."""
        return json.loads(self.body)


@dataclass
class Sink:
    """Answers each request with the next of `answers` (status, headers), the last one for ever."""

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(200, {})])
    port: int = 0
    told: list[Told] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where to tell it; the end of it is what nobody should ever say."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks/s3cr3t-place"

    @property
    def taken(self) -> list[Told]:
        """What it was told and took."""
        return [one for one, status in zip(self.told, self._said, strict=True) if status < 300]

    def __enter__(self) -> Self:
        sink = self
        self._said: list[int] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, headers = sink.answers[min(len(sink.told), len(sink.answers) - 1)]
                sink.told.append(Told(self.path, dict(self.headers), body))
                sink._said.append(status)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
