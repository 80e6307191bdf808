"""Connections: reason phrases, the token, and tunnels that end in TLS under this run's authority."""

from __future__ import annotations

import base64
import os
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response

from stockade import limits
from stockade.acquire.authority import Authority
from stockade.act.gate.door import Door
from stockade.act.gate.front import REASON, phrase
from stockade.act.gate.server import running
from tests.support.gate_parts import Bench, Shelf, Standing, ref_of, standing

TOKEN = "t0ken-of-this-run"
LOGIN = base64.b64encode(f"stockade:{TOKEN}".encode()).decode()


@pytest.fixture
def authority() -> Authority:
    return Authority(datetime.now(UTC))


@pytest.fixture
def gate(authority: Authority, tmp_path: Path) -> Iterator[Standing]:
    shelf = Shelf(tmp_path)
    shelf.offer(ref_of("alpha"))
    with standing(shelf, Bench(), door=Door(authority, TOKEN)) as one:
        yield one


def trusting(authority: Authority | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=authority.pem.decode() if authority else None)
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # the default of Python 3.13
    return context


def raw(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Everything that a connection answers before it is closed or silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        for piece in pieces:
            sock.sendall(piece)
            time.sleep(pause)
        return received(sock)


def received(sock: socket.socket, until: bytes = b"") -> bytes:
    got = b""
    while not until or until not in got:
        piece = sock.recv(65536)
        if not piece:
            break
        got += piece
    return got


def connect(host: str, *headers: str) -> bytes:
    lines = [f"CONNECT {host} HTTP/1.1", f"Host: {host}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@pytest.mark.parametrize("host", ["index.example", "127.0.0.9", "[::1]", "UPPER.example"])
def test_a_tunnel_is_tls_for_the_host_that_was_asked_for(
    gate: Standing, authority: Authority, host: str
) -> None:
    with socket.create_connection(("127.0.0.1", gate.port), timeout=5) as sock:
        sock.sendall(connect(f"{host}:443", f"Proxy-Authorization: Basic {LOGIN}"))
        assert received(sock, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        with trusting(authority).wrap_socket(sock, server_hostname=host.strip("[]")) as secure:
            assert secure.version() in {"TLSv1.2", "TLSv1.3"}
            secure.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = received(secure)
    assert answer.startswith(b"HTTP/1.1 403 Stockade lets only judged packages through")
    assert host.lower().encode() in answer


@pytest.mark.parametrize(("asked", "named"), [("index.example", "other.example"), ("127.0.0.1", "127.0.0.2")])
def test_the_certificate_is_for_no_other_host(
    gate: Standing, authority: Authority, asked: str, named: str
) -> None:
    with socket.create_connection(("127.0.0.1", gate.port), timeout=5) as sock:
        sock.sendall(connect(f"{asked}:443", f"Proxy-Authorization: Basic {LOGIN}"))
        received(sock, b"\r\n\r\n")
        with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            trusting(authority).wrap_socket(sock, server_hostname=named)


def test_who_does_not_trust_the_authority_refuses(gate: Standing, authority: Authority) -> None:
    for stranger in (None, Authority()):
        with (
            pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
            httpx.Client(proxy=gate.proxy, verify=trusting(stranger), trust_env=False) as client,
        ):
            client.get("https://index.example/simple/alpha/")
    with httpx.Client(proxy=gate.proxy, verify=trusting(authority), trust_env=False) as client:
        assert client.get("https://index.example/simple/alpha/").status_code == 200
    assert not gate.gate.recorder.trouble


def test_no_key_stays_on_disk(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    modes: list[int] = []
    before = ssl.SSLContext.load_cert_chain

    def watched(self: ssl.SSLContext, path: Path) -> None:
        modes.extend((os.stat(path).st_mode & 0o777, os.stat(path.parent).st_mode & 0o777))
        before(self, path)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watched)
    authority.context("index.example")
    assert modes == [0o600, 0o700]
    assert list(tmp_path.iterdir()) == []
    assert b"PRIVATE" not in authority.pem


def test_contexts_are_kept_and_bounded(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    first = authority.context("one.example")
    assert authority.context("one.example") is first
    monkeypatch.setattr(limits, "MAX_GATE_HOSTS", 2)
    authority.context("two.example")
    authority.context("three.example")
    assert authority.context("one.example") is not first


@pytest.mark.parametrize(
    "login", [None, "", "!!!", base64.b64encode(b"stockade:wrong").decode(), base64.b64encode(b"").decode()]
)
def test_without_the_token_nobody_gets_a_tunnel_or_an_answer(gate: Standing, login: str | None) -> None:
    header = [] if login is None else [f"Proxy-Authorization: Basic {login}"]
    answer = raw(gate.port, connect("index.example:443", *header))
    assert answer.startswith(b"HTTP/1.1 407 ")
    assert b"\r\nProxy-Authenticate: Basic" in answer
    lines = ["GET http://index.example/simple/alpha/ HTTP/1.1", "Host: index.example", *header]
    answer = raw(gate.port, ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode())
    assert answer.startswith(b"HTTP/1.1 407 ")
    assert b"alpha" not in answer


def test_with_the_token_a_request_in_absolute_form_is_answered(gate: Standing) -> None:
    accept = {"Accept": "application/vnd.pypi.simple.v1+html"}
    with httpx.Client(proxy=gate.proxy, trust_env=False) as client:
        found = client.get("http://index.example/simple/alpha/", headers=accept)
    assert found.status_code == 200
    assert "alpha-1.0-py3-none-any.whl" in found.text


def test_a_gate_without_authority_is_no_proxy(tmp_path: Path) -> None:
    with standing(Shelf(tmp_path), Bench()) as gate:
        assert raw(gate.port, connect("index.example:443")).startswith(b"HTTP/1.1 405 This is an index")
        request = b"GET http://index.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert raw(gate.port, request).startswith(b"HTTP/1.1 405 Stockade: this gate is an index")


@pytest.mark.parametrize(
    "head",
    [
        b"CONNECT index.example HTTP/1.1\r\n",
        b"CONNECT index.example:0 HTTP/1.1\r\n",
        b"CONNECT index.example:65536 HTTP/1.1\r\n",
        b"CONNECT index.example:99999999999 HTTP/1.1\r\n",
        b"CONNECT http://index.example:443 HTTP/1.1\r\n",
        b"CONNECT a@b:443 HTTP/1.1\r\n",
        b"CONNECT index.example:443 HTTP/2\r\n",
        b"CONNECT  index.example:443 HTTP/1.1\r\n",
        b"CONNECT \xff:443 HTTP/1.1\r\n",
        b"CONNECT [::1:443 HTTP/1.1\r\n",
        b"CONNECT [:::::1]:443 HTTP/1.1\r\n",
    ],
)
def test_a_malformed_connect_is_refused(gate: Standing, head: bytes) -> None:
    answer = raw(gate.port, head + f"Proxy-Authorization: Basic {LOGIN}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert answer.endswith(b"Connection: close\r\n\r\n")


@pytest.mark.parametrize("rest", [b"\x16\x03\x01", b"GET / HTTP/1.1\r\n\r\n"])
def test_what_follows_a_connect_at_once_is_neither_dropped_nor_taken_for_its_head(
    gate: Standing, rest: bytes
) -> None:
    head = connect("index.example:443", f"Proxy-Authorization: Basic {LOGIN}")
    assert raw(gate.port, head + rest).startswith(b"HTTP/1.1 400 ")


def test_a_head_that_never_ends_is_cut_off(gate: Standing) -> None:
    # All of it is taken before the answer, since unread bytes would reset the connection.
    head = b"CONNECT index.example:443 HTTP/1.1\r\nX: "
    long = head + b"x" * (limits.MAX_GATE_HEAD + 1 - len(head))
    assert raw(gate.port, long).startswith(b"HTTP/1.1 431 ")


def test_bytes_may_come_one_by_one(gate: Standing, authority: Authority) -> None:
    head = connect("index.example:443", f"Proxy-Authorization: Basic {LOGIN}")
    with socket.create_connection(("127.0.0.1", gate.port), timeout=5) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(head)):
            sock.sendall(head[at : at + 1])
            if at % 16 == 0 or at < 9:
                time.sleep(0.002)
        assert received(sock, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    request = b"GET /-/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    pieces = [request[at : at + 1] for at in range(len(request))]
    assert raw(gate.port, *pieces).startswith(b"HTTP/1.1 200 ")


def test_a_request_right_behind_the_handshake_is_answered(gate: Standing, authority: Authority) -> None:
    """The client's last handshake message and its first request arrive in one piece."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    secure = trusting(authority).wrap_bio(incoming, outgoing, server_hostname="index.example")
    request = b"GET /simple/alpha/ HTTP/1.1\r\nHost: index.example\r\n\r\n"
    with socket.create_connection(("127.0.0.1", gate.port), timeout=5) as sock:
        sock.sendall(connect("index.example:443", f"Proxy-Authorization: Basic {LOGIN}"))
        received(sock, b"\r\n\r\n")
        while True:
            try:
                secure.do_handshake()
                break
            except ssl.SSLWantReadError:
                sock.sendall(outgoing.read())
                incoming.write(sock.recv(65536))
        secure.write(request)
        secure.write(request)
        sock.sendall(outgoing.read())
        got = b""
        while got.count(b"</html>") < 2:
            piece = sock.recv(65536)
            assert piece, got
            incoming.write(piece)
            try:
                while True:
                    got += secure.read(65536)
            except ssl.SSLWantReadError:
                continue
    assert got.count(b"HTTP/1.1 200 OK") == 2


def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(
    gate: Standing, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    head = connect("index.example:443", f"Proxy-Authorization: Basic {LOGIN}")
    for stage in range(3):
        with socket.create_connection(("127.0.0.1", gate.port), timeout=5) as sock:
            sock.sendall(head[:20] if not stage else head)
            if stage:
                received(sock, b"\r\n\r\n")
            if stage == 2:
                secure = trusting(authority).wrap_socket(sock, server_hostname="index.example")
                secure.close()
    with httpx.Client(proxy=gate.proxy, verify=trusting(authority), trust_env=False) as client:
        assert client.get("https://index.example/simple/alpha/").status_code == 200
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    "text",
    [
        "blocked\r\nX-Evil: 1\r\n\r\n<html>",
        "blocked\nSet-Cookie: a=b",
        "blocked \x00\x1b[31m\x7f",
        "blockiert für \u202eeipe \U0001f4a9",
        "x" * 5000,
        "",
    ],
)
def test_a_reason_is_one_line_of_ascii_whatever_it_says(text: str) -> None:
    said = phrase(text)
    assert len(said) <= limits.MAX_REASON
    assert all(0x20 <= char <= 0x7E for char in said)
    if len(text) > limits.MAX_REASON:
        assert said.endswith(b"...")


class Refusing:
    """An application that refuses with that reason."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        response = Response("good", 403, {REASON.decode(): self.reason})
        await response(scope, receive, send)  # type: ignore[arg-type]

    def close(self) -> None:
        """Nothing to end."""


def test_a_reason_cannot_split_an_answer() -> None:
    evil = "no\r\nX-Evil: 1\r\nContent-Length: 3\r\n\r\nbad"

    with running(lambda: Refusing(phrase(evil).decode()), Door()) as port:  # type: ignore[arg-type,return-value]
        answer = raw(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 403 no??X-Evil: 1??Content-Length: 3????bad"
    assert body == b"good"
    assert not any(line.lower().startswith((b"x-evil", b"x-reason")) for line in lines[1:])


def test_a_reason_that_was_not_made_plain_is_never_sent() -> None:
    """Even where somebody forgets `phrase`, h11 refuses what would split the answer."""

    with running(lambda: Refusing("no\r\nX-Evil: 1"), Door()) as port:  # type: ignore[arg-type,return-value]
        answer = raw(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"\r\nX-Evil" not in answer


HALF = b"GET /-/health HTTP/1.1\r\nHost: x\r\nX-Slow: "
WHOLE = b"GET /-/health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    ("before", "half"),
    [(b"", HALF), (b"", b"G"), (b"", b"CONNECT index.example:443 HTTP/1.1\r\nX-Slow: "), (WHOLE, HALF)],
)
@pytest.mark.parametrize("trickle", [False, True])
def test_a_head_that_does_not_come_whole_in_its_time_ends_the_connection(
    gate: Standing, monkeypatch: pytest.MonkeyPatch, before: bytes, half: bytes, trickle: bool
) -> None:
    monkeypatch.setattr(limits, "GATE_HEAD_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", gate.port), timeout=10) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if before:
            sock.sendall(before)
            assert received(sock, b"}").startswith(b"HTTP/1.1 200 ")
        sock.sendall(half)
        sock.settimeout(0.02)
        got = b""
        for _ in range(500):
            try:
                got = sock.recv(65536)
                break
            except TimeoutError:
                if trickle:
                    sock.sendall(b"x")
        assert got.startswith(b"HTTP/1.1 408 The head of the request took too long\r\n"), got
        assert b"Connection: close" in got


def test_a_connection_over_which_nothing_comes_is_closed_without_a_word(
    gate: Standing, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GATE_HEAD_SECONDS", 0.2)
    assert raw(gate.port) == b""
    with socket.create_connection(("127.0.0.1", gate.port), timeout=5) as sock:
        sock.sendall(connect("index.example:443", f"Proxy-Authorization: Basic {LOGIN}"))
        received(sock, b"\r\n\r\n")
        with trusting(authority).wrap_socket(sock, server_hostname="index.example") as secure:
            secure.sendall(HALF)
            assert received(secure).startswith(b"HTTP/1.1 408 ")


def test_what_follows_an_answer_that_did_not_wait_for_it_has_its_time_too(
    gate: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GATE_HEAD_SECONDS", 0.2)
    request = b"POST /-/health HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"
    with socket.create_connection(("127.0.0.1", gate.port), timeout=5) as sock:
        sock.sendall(request)
        assert received(sock, b"}").startswith(b"HTTP/1.1 405 ")
        sock.settimeout(0.02)
        for _ in range(500):
            try:
                assert sock.recv(1) == b""
                break
            except ConnectionError:
                break
            except TimeoutError:
                with suppress(ConnectionError):
                    sock.sendall(b"x")
        else:
            pytest.fail("it went on")


def test_a_slow_body_and_a_slow_answer_are_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GATE_HEAD_SECONDS", 0.2)
    alpha, judge = ref_of("alpha"), Bench(hold=threading.Event())
    shelf = Shelf(tmp_path)
    shelf.offer(alpha)
    path = f"/files/alpha/{alpha.sha256}/{alpha.filename}"
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\nConnection: close\r\n\r\n".encode()
    with (
        standing(shelf, judge) as gate,
        socket.create_connection(("127.0.0.1", gate.port), timeout=10) as sock,
    ):
        sock.sendall(head)
        for _ in range(20):
            time.sleep(0.03)
            sock.sendall(b"x")
        time.sleep(0.3)
        assert judge.hold is not None
        judge.hold.set()
        assert received(sock).startswith(b"HTTP/1.1 200 ")
