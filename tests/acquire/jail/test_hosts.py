"""The filtering proxy over loopback, with clients that people use: what is named comes through, all else is refused."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from stockade import limits
from stockade.acquire.jail.hosts import Hosts, Rules
from tests.acquire.jail.test_hosts_rules import query
from tests.support.named_hosts import Server, greeting, proxy, said, speaking_first, web
from tests.support.tls import make_certificates

LOOPBACK = "127.0.0.0/8"
BACK = "leads to an address of this machine or its network, which the profile does not name"


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    with web() as server:
        yield server


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with web(tmp_path_factory.mktemp("tls")) as server:
        yield server


def rules(*servers: Server, host: str = "a.example") -> list[str]:
    """The host on the ports of these servers, whose addresses are named too: they are this machine's."""
    return [f"{name}:{one.port}" for one in servers for name in (host, LOOPBACK)]


def client(url: str) -> httpx.Client:
    return httpx.Client(proxy=url, verify=False, trust_env=False, timeout=20)


def test_httpx_reaches_what_is_named_in_the_clear_and_by_tls(plain: Server, secure: Server) -> None:
    with proxy(rules(plain, secure)) as one, client(one.url) as http:
        assert http.get(f"http://a.example:{plain.port}/x").text == f"GET /x for a.example:{plain.port}"
        assert http.get(f"https://a.example:{secure.port}/y").text == f"GET /y for a.example:{secure.port}"
        assert one.refused == []


def test_httpx_is_refused_what_is_not_and_it_is_said(plain: Server, secure: Server) -> None:
    before = len(plain.asked) + len(secure.asked)
    with proxy(rules(plain, secure)) as one, client(one.url) as http:
        answer = http.get(f"http://b.example:{plain.port}/")
        assert answer.status_code == 403
        assert answer.text == f"stockade: b.example:{plain.port}: the profile does not name it\n"
        with pytest.raises(httpx.ProxyError, match="403"):
            http.get(f"https://b.example:{secure.port}/")
        assert http.get("http://a.example:1/").status_code == 403
        assert one.refused == [
            f"refused: b.example:{plain.port}: the profile does not name it",
            f"refused: b.example:{secure.port}: the profile does not name it",
            "refused: a.example:1: the profile names this host with other ports",
        ]
    assert len(plain.asked) + len(secure.asked) == before


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl_by_a_proxy_and_without_one(plain: Server, secure: Server) -> None:
    def curl(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["curl", "-qsS", "--max-time", "20", "--noproxy", "", *words],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin"},
        )

    with proxy(rules(plain, secure)) as one:
        url = f"https://a.example:{secure.port}/y"
        assert curl("-k", "-x", one.url, url).stdout == f"GET /y for a.example:{secure.port}"
        assert curl("-x", one.url, "-d", "body", f"http://a.example:{plain.port}/z").stdout.endswith("body")
        # Another name in the certificate's place: what CONNECT says and what TLS says.
        fronted = curl(
            "-k",
            "-x",
            one.url,
            "--connect-to",
            f"b.example:443:a.example:{secure.port}",
            "https://b.example/",
        )
        assert fronted.returncode and "denied" in fronted.stderr
        assert f"refused: a.example:{secure.port}: it is told that b.example is meant" in one.refused


def test_pip_finds_its_index_by_a_proxy(plain: Server) -> None:
    with proxy(rules(plain)) as one:
        url = f"http://a.example:{plain.port}/simple/"
        found = subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "--isolated",
                "download",
                "--no-deps",
                "--proxy",
                one.url,
                "-i",
                url,
                "--trusted-host",
                "a.example",
                "--retries",
                "0",
                "--disable-pip-version-check",
                "thing",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "No matching distribution" in found.stderr
        assert any(told.startswith(b"GET /simple/thing/ for a.example") for told in plain.asked)
        assert one.refused == []


def tunnel(port: int, host: str = "a.example") -> bytes:
    return f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()


def test_what_tls_says_must_agree_with_connect(secure: Server) -> None:
    with proxy(rules(secure)) as one:
        at = f"refused: a.example:{secure.port}: "
        for words, why in (
            (greeting("b.example"), "it is told that b.example is meant"),
            (greeting(None), "it is not told who is meant"),
            (
                greeting("a.example", extension=0xFE0D),
                "which host is meant is hidden (encrypted client hello)",
            ),
            (greeting("a.example")[:6] + b"\x7f" + b"\0" * 400, "its TLS greeting is too long"),
        ):
            answer = said(one.address, tunnel(secure.port), more=words)
            assert answer == b"\x15\x03\x03\x00\x02\x02\x31"
            assert one.refused[-1] == at + why
        # A greeting in small pieces is waited for.
        whole = greeting("a.example")
        with socket.create_connection(one.address, timeout=10) as slow:
            slow.sendall(tunnel(secure.port))
            slow.recv(4096)
            for place in range(0, len(whole), 100):
                slow.sendall(whole[place : place + 100])
                time.sleep(0.01)
            assert slow.recv(1) == b"\x16"


def test_what_http_says_must_agree_with_connect_and_there_is_one_request(plain: Server) -> None:
    def request(host: str) -> bytes:
        return f"GET /t HTTP/1.1\r\nHost: {host}:{plain.port}\r\n\r\n".encode()

    with proxy(rules(plain)) as one:
        answer = said(one.address, tunnel(plain.port), more=request("a.example") + request("b.example"))
        assert answer.count(b"HTTP/1.1 200") == 1 and b"GET /t for a.example" in answer
        for words in (
            request("b.example"),
            b"\r\n" + request("b.example"),
            request("b.example").replace(b"GET", b"get"),
        ):
            before = len(plain.asked)
            assert said(one.address, tunnel(plain.port), more=words) == b""
            assert one.refused == [f"refused: a.example:{plain.port}: it is told that b.example is meant"]
            assert len(plain.asked) == before
        # Not in pieces either.
        with socket.create_connection(one.address, timeout=10) as slow:
            slow.sendall(tunnel(plain.port))
            slow.recv(4096)
            for piece in (b"\r\nG", b"ET /t HTT", b"P/1.1\r\nHost: b.exam", b"ple\r\n\r\n"):
                slow.sendall(piece)
                time.sleep(0.02)
            assert slow.recv(4096) == b""
        assert len(plain.asked) == before


def test_bodies_come_through_whole_and_nothing_after_them(plain: Server) -> None:
    with proxy(rules(plain)) as one, client(one.url) as http:
        url = f"http://a.example:{plain.port}/b"
        big = b"x" * 300_000
        assert http.post(url, content=big).content.endswith(big)
        assert http.post(url, content=iter([b"one", b"two" * 50_000, b""])).content.endswith(b"twotwo")
        head = f"POST {url} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        for chunks in (
            b"+1\r\nx\r\n0\r\n\r\n",
            b"1\r\nxy\r\n0\r\n\r\n",
            b"1;e=f\r\nx\r\n0\r\n\r\n",
            b"0\r\nX: y\r\n\r\n",
        ):
            assert b"403" in said(one.address, head + chunks)
        assert set(one.refused) == {f"refused: a.example:{plain.port}: the length of its request is unclear"}


def test_a_name_that_leads_back_to_this_machine_is_refused(plain: Server) -> None:
    leads = {"m.example": ("169.254.169.254", "10.0.0.1", "127.0.0.1"), "none.example": ()}
    with proxy([f"*.example:{plain.port}"], leads) as one, client(one.url) as http:
        assert http.get(f"http://m.example:{plain.port}/").status_code == 403
        assert http.get(f"http://none.example:{plain.port}/").status_code == 403
        assert http.get(f"http://127.0.0.1:{plain.port}/").status_code == 403
        assert one.refused == [
            f"refused: m.example:{plain.port}: {BACK}",
            f"refused: none.example:{plain.port}: has no address",
            f"refused: 127.0.0.1:{plain.port}: the profile does not name it",
        ]


def test_an_address_that_a_rule_names_is_reached_whatever_it_is_called(plain: Server) -> None:
    with proxy([f"{LOOPBACK}:{plain.port}"]) as one, client(one.url) as http:
        assert http.get(f"http://127.0.0.1:{plain.port}/l").text == f"GET /l for 127.0.0.1:{plain.port}"
        answer = said(
            one.address, tunnel(plain.port, "127.0.0.1"), more=b"GET /m HTTP/1.1\r\nHost: x.example\r\n\r\n"
        )
        assert b"GET /m for x.example" in answer and one.refused == []


def test_who_greets_first_is_heard_on_a_port_of_its_own() -> None:
    with (
        speaking_first(b"SSH-2.0-inert\r\n") as port,
        proxy([f"a.example:{port}", f"{LOOPBACK}:{port}"]) as one,
    ):
        with socket.create_connection(one.address, timeout=10) as ssh:
            ssh.sendall(tunnel(port))
            held = b""
            while b"inert\r\n" not in held:
                held += ssh.recv(4096)
            ssh.sendall(b"SSH-2.0-client\r\n\x00\x01")
            assert ssh.recv(4096) == b"SSH-2.0-client\r\n\x00\x01"
        assert one.refused == []


def test_who_cannot_be_reached_is_told_so() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with proxy([f"a.example:{port}", f"{LOOPBACK}:{port}"]) as one, client(one.url) as http:
            answer = http.get(f"http://a.example:{port}/")
            assert answer.status_code == 403 and "cannot be reached: " in answer.text


@pytest.mark.parametrize(
    "words",
    [b"\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET /" + b"x" * limits.MAX_JAIL_HEAD * 2],
    ids=["binary", "no-host", "long"],
)
def test_what_is_no_request_to_a_proxy_is_refused(words: bytes) -> None:
    with proxy(["a.example"]) as one:
        assert b"403" in said(one.address, words)
        assert len(one.refused) == 1 and one.refused[0].startswith(
            "refused: a request to the proxy: its request"
        )


def test_without_a_proxy_tls_and_http_say_who_is_meant() -> None:
    """The direct listener stands for every address of the jail; it leads to the same port of who is meant."""
    with proxy(lambda port: [f"a.example:{port}"], {"a.example": ("203.0.113.7",)}) as one:
        (direct,) = one.direct
        for words, host in (
            (greeting("b.example"), "b.example"),
            (b"GET / HTTP/1.1\r\nHost: b.example\r\n\r\n", "b.example"),
        ):
            answer = said(direct, words)
            assert b"the profile does not name it" in answer or answer[:1] == b"\x15"
            assert one.refused[-1] == f"refused: {host}:{direct[1]}: the profile does not name it"
        for words in (b"\x00\x00", greeting(None)):
            said(direct, words)
            assert one.refused[-1] == f"refused: 127.0.0.1:{direct[1]}: the profile does not name it"
        # Whom it names is looked up and looked at.
        said(direct, greeting("a.example"))
        assert "which the profile does not name" in one.refused[-1] and "a.example" in one.refused[-1]
        with socket.create_connection(direct, timeout=10):
            pass  # who says nothing is nobody


def test_dns_answers_for_what_is_named_and_says_what_is_not() -> None:
    with proxy(["a.example"]) as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(10)
        asker.sendto(query("a.example"), one.dns)
        assert asker.recv(512)[-4:] == bytes([198, 18, 0, 1])
        asker.sendto(b"no question", one.dns)
        asker.sendto(query("c2VjcmV0.b.example"), one.dns)
        assert asker.recv(512)[3] & 15 == 3
        assert one.refused == [
            "refused: c2VjcmV0.b.example: its address was asked for, and the profile does not name it"
        ]


def test_connections_and_sentences_are_bounded(monkeypatch: pytest.MonkeyPatch, plain: Server) -> None:
    monkeypatch.setattr(limits, "MAX_JAIL_CONNECTIONS", 1)
    monkeypatch.setattr(limits, "MAX_JAIL_TOLD", 2)
    with proxy(rules(plain)) as one:
        with socket.create_connection(one.address, timeout=10):
            assert b"more than 1 connections at a time" in said(one.address, tunnel(plain.port))
        deadline = time.monotonic() + 10
        while b"b1.example" not in (answer := said(one.address, tunnel(1, "b1.example"))):
            assert time.monotonic() < deadline, answer  # the first has not been seen to go
        for number in range(2, 6):
            said(one.address, tunnel(1, f"b{number}.example"))
        assert len(one.refused) == 3 and one.refused[-1] == "more was refused, and is not told"


def test_who_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JAIL_ASKING_SECONDS", 0.05)
    with proxy(["a.example"]) as one:
        assert said(one.address, b"CONNECT a.exa") == b""


def test_what_a_plan_needs() -> None:
    hosts = Hosts(Rules(["a.example", "b.example:3128"]), print)
    assert [(one.address, one.port, one.stream) for one in hosts.listeners] == [
        ("127.0.0.1", 3129, True),
        ("0.0.0.0", 53, False),
        ("0.0.0.0", 80, True),
        ("0.0.0.0", 443, True),
        ("0.0.0.0", 3128, True),
    ]
    assert hosts.variables["https_proxy"] == "http://127.0.0.1:3129" and hosts.variables["NO_PROXY"] == ""


def test_sockets_that_cannot_be_served_are_said() -> None:
    closed = [socket.socket() for _ in range(2)]
    for one in closed:
        one.close()
    with pytest.raises(OSError), Hosts(Rules(["a.example"]), print).serving(closed):  # noqa: PT011 - any will do
        pass


def test_certificates_are_checked_through_it(secure: Server, tmp_path: Path) -> None:
    """It takes no part in TLS: who checks sees the server's own certificate."""
    context = ssl.create_default_context(cafile=str(make_certificates(tmp_path).authority))
    with (
        proxy(rules(secure)) as one,
        httpx.Client(proxy=one.url, verify=context, trust_env=False, timeout=20) as http,
        pytest.raises(httpx.ConnectError, match="certificate"),
    ):
        http.get(f"https://a.example:{secure.port}/")


def test_a_client_is_told_that_its_connection_ends(plain: Server) -> None:
    with proxy(rules(plain)) as one:
        answer = said(one.address, f"GET http://a.example:{plain.port}/c HTTP/1.1\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 200 OK\r\nConnection: close\r\n")
