"""Servers of several names on loopback, and a filtering proxy before them whose names all lead here."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from stockade.acquire.jail.hosts import Hosts, Rules
from tests.support.tls import make_certificates


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._answer(body)

    def _answer(self, body: bytes = b"") -> None:
        told = f"{self.command} {self.path} for {self.headers.get('Host')}".encode() + body
        getattr(self.server, "asked").append(told)  # noqa: B009 - it has no such attribute by type
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        pass


@dataclass(slots=True)
class Server:
    """A web server on a port of loopback; what it was asked stands in `asked`."""

    port: int
    asked: list[bytes]


@contextmanager
def web(tls: Path | None = None) -> Iterator[Server]:
    """With `tls`, a folder for certificates, it speaks that; whatever name it is called by."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    asked: list[bytes] = []
    setattr(server, "asked", asked)  # noqa: B010 - it has no such attribute by type
    if tls is not None:
        context = make_certificates(tls).server_context()
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Server(server.server_address[1], asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def speaking_first(words: bytes) -> Iterator[int]:
    """A server that greets, then sends back what it hears, once; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.sendall(words)
                client.sendall(client.recv(4096))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]


@dataclass(slots=True)
class Proxy:
    """A filtering proxy: its address for clients, that of its DNS, those of its direct listeners, what it refused."""

    url: str
    dns: tuple[str, int]
    direct: list[tuple[str, int]]
    refused: list[str] = field(default_factory=list)

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return host, int(port)


@contextmanager
def proxy(
    rules: Callable[[int], Sequence[str]] | Sequence[str],
    addresses: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[Proxy]:
    """Rules may depend on the port of the direct listener. Names lead to 127.0.0.1, but for those of `addresses`."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return (addresses or {}).get(host, ("127.0.0.1",))

    front, direct = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))
    dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    dns.bind(("127.0.0.1", 0))
    written = rules(direct.getsockname()[1]) if callable(rules) else rules
    made = Proxy(f"http://127.0.0.1:{front.getsockname()[1]}", dns.getsockname(), [direct.getsockname()])
    with Hosts(Rules(written), made.refused.append, resolve=resolve).serving([front, dns, direct]):
        yield made


def said(address: tuple[str, int], words: bytes, *, more: bytes = b"") -> bytes:
    """What a server answers to these words, to its end."""
    with socket.create_connection(address, timeout=10) as one:
        one.sendall(words)
        if more:
            one.recv(4096)
            one.sendall(more)
        answer = b""
        while held := one.recv(4096):
            answer += held
        return answer


def greeting(host: str | None, *, extension: int | None = None) -> bytes:
    """A TLS client's first message for `host`; `extension` is put in as one more, empty."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    one = context.wrap_bio(incoming, outgoing, server_hostname=host)
    with suppress(ssl.SSLWantReadError):
        one.do_handshake()
    made = bytearray(outgoing.read())
    if extension is not None:
        made += extension.to_bytes(2) + b"\x00\x00"
        made[3:5] = (len(made) - 5).to_bytes(2)
        made[6:9] = (len(made) - 9).to_bytes(3)
        place = 9 + 2 + 32
        place += 1 + made[place]
        place += 2 + int.from_bytes(made[place : place + 2])
        place += 1 + made[place]
        made[place : place + 2] = (len(made) - place - 2).to_bytes(2)
    return bytes(made)
