"""A source of advisories on this machine: an ecosystem's folder over HTTP, with ranges, entity tags, and faults."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import threading
import zipfile
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


def all_zip(records: Iterable[bytes]) -> bytes:
    """The archive of all records, each under its id."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in records:
            archive.writestr(f"{json.loads(one)['id']}.json", one)
    return made.getvalue()


class FeedServer:
    """Serves `files` by path. `hits` are the requests: path, and the byte that was asked from.

    `cut` breaks the next answers of a path off after so many bytes, `status` answers it with a code instead, and
    `headers` go with it. Without `tagged` there are no entity tags.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.cut: dict[str, list[int]] = {}
        self.status: dict[str, int] = {}
        self.hits: list[tuple[str, int]] = []
        self.tagged = True
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    def publish(self, *records: bytes, archive: bool = True) -> None:
        """These records, each by itself and in the list of changes, and all that are there in the archive."""
        for one in records:
            self.files[f"/eco/{json.loads(one)['id']}.json"] = one
        every = [data for path, data in self.files.items() if path.endswith(".json")]
        rows = sorted(((json.loads(one)["modified"], json.loads(one)["id"]) for one in every), reverse=True)
        self.files["/eco/modified_id.csv"] = "".join(f"{when},{key}\n" for when, key in rows).encode()
        if archive:
            self.files["/eco/all.zip"] = all_zip(every)

    def sums(self, path: str) -> None:
        """Send along what the bytes at `path` should be, as two kinds of sources do."""
        data = self.files[path]
        md5 = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        sha = base64.b64encode(hashlib.sha256(data).digest()).decode()
        self.headers[path] = {"x-goog-hash": f"crc32c=AAAAAA==,md5={md5}", "Repr-Digest": f"sha-256=:{sha}:"}

    def asked(self, part: str = "") -> list[str]:
        """The paths that were asked for, in order."""
        return [path for path, _ in self.hits if part in path]

    @property
    def url(self) -> str:
        """Of the ecosystem's folder."""
        return f"{self.base}/eco/"

    @property
    def base(self) -> str:
        """Of the server."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(server: FeedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        #: Head and body in one piece, or the system holds the second back until the first is confirmed.
        wbufsize = 1 << 16

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the parent's name)
            """Say nothing."""

        def do_GET(self) -> None:
            found = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
            start = int(found[1]) if found else 0
            server.hits.append((self.path, start))
            data = server.files.get(self.path)
            code = server.status.get(self.path, 200 if data is not None else 404)
            data = data or b""
            tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
            if code == 200 and self.headers.get("If-None-Match") == tag:
                code, data = 304, b""
            sent = data
            if code == 200 and start and self.headers.get("If-Range") == tag:
                code, sent = (206, data[start:]) if start < len(data) else (416, b"")
            self.send_response(code)
            if code == 206:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            if server.tagged:
                self.send_header("ETag", tag)
            for name, value in server.headers.get(self.path, {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            cuts = server.cut.get(self.path)
            if cuts and code in (200, 206):
                sent = sent[: cuts.pop(0)]
                self.close_connection = True
            self.wfile.write(sent)
            self.wfile.flush()

    return Handler
