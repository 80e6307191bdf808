"""What a profile may say of hosts, and what a client's first words and questions are read as."""

from __future__ import annotations

import struct
from ipaddress import ip_address

import pytest

from stockade import limits
from stockade.acquire.jail.hosts import Rules
from stockade.acquire.jail.hosts.heads import BadHead, head
from stockade.acquire.jail.hosts.hello import More, NotTls, hello
from stockade.acquire.jail.hosts.lookups import Book, Resolver
from stockade.acquire.jail.hosts.rules import host_of
from tests.support.named_hosts import greeting

RULES = Rules(["a.example", "*.b.example:443", "10.1.2.0/24:5432", "[2001:db8::1]", "c.example:22"])


@pytest.mark.parametrize(
    ("host", "port", "permitted"),
    [
        ("a.example", 443, True),
        ("a.example", 80, True),
        ("a.example", 22, False),
        ("x.a.example", 443, False),
        ("aa.example", 443, False),
        ("x.b.example", 443, True),
        ("x.y.b.example", 443, True),
        ("b.example", 443, False),
        ("xb.example", 443, False),
        ("x.b.example", 80, False),
        ("10.1.2.9", 5432, True),
        ("10.1.3.9", 5432, False),
        ("10.1.2.9", 443, False),
        ("2001:db8::1", 443, True),
        ("2001:db8::2", 443, False),
        ("c.example", 22, True),
        ("93.184.216.34", 443, False),
    ],
)
def test_a_rule_holds_for_what_it_names_and_nothing_else(host: str, port: int, permitted: bool) -> None:
    assert RULES.permits(host, port) is permitted


def test_ports_and_names() -> None:
    assert RULES.ports == (22, 80, 443, 5432)
    assert RULES.named("x.b.example") and not RULES.named("b.example") and not RULES.named("10.1.2.9")


@pytest.mark.parametrize(
    "written",
    [
        *("", "a b", "http://a.example", "a.example:0", "a.example:65536", "a.example:x", "*", "*.", "a..b"),
        *("a.*.example", "-a.example", "10.0.0.0/33", "10.0.0.1/8", "bücher.example", "0x7f.1", "2130706433"),
        *("2001:db8::1:443", "a" * 64 + ".example"),
    ],
)
def test_what_is_no_host_is_no_rule(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no host|does not appear"):
        Rules([written])


def test_the_number_of_rules_is_bounded() -> None:
    with pytest.raises(ValueError, match="more than"):
        Rules(["a.example"] * (limits.MAX_JAIL_HOSTS + 1))


@pytest.mark.parametrize(
    ("address", "port", "out"),
    [
        ("93.184.216.34", 443, True),
        ("2606:4700::1", 443, True),
        ("127.0.0.1", 443, False),
        ("10.1.2.9", 443, False),
        ("10.1.2.9", 5432, True),
        ("192.168.0.1", 80, False),
        ("169.254.169.254", 80, False),
        ("100.64.0.1", 443, False),
        ("224.0.0.1", 443, False),
        ("0.0.0.0", 443, False),
        ("::1", 443, False),
        ("fe80::1", 443, False),
        ("fd00::1", 443, False),
        ("::ffff:10.0.0.1", 443, False),
        ("::ffff:127.0.0.1", 443, False),
        ("2002:7f00:1::", 443, False),
        ("2001:db8::1", 443, True),  # a rule names it
    ],
)
def test_a_name_leads_out_and_not_back_in(address: str, port: int, out: bool) -> None:
    assert RULES.leads_out(ip_address(address), port) is out


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("A.Example.", "a.example"),
        ("[2001:DB8:0::1]", "2001:db8::1"),
        ("127.1", ""),
        ("0x7f000001", ""),
        ("017700000001", ""),
        ("a\x00.example", ""),
        ("a.example/", ""),
        ("", ""),
    ],
)
def test_a_host_has_one_form(text: str, host: str) -> None:
    assert host_of(text) == host


def test_a_greeting_says_whom_it_means_however_it_is_cut() -> None:
    whole = greeting("a.example")
    assert hello(whole).host == "a.example" and not hello(whole).hidden
    for end in range(1, len(whole)):
        with pytest.raises(More):
            hello(whole[:end])
    body = whole[5:]
    records = b"".join(
        b"\x16\x03\x01" + len(part).to_bytes(2) + part for part in (body[:1], body[1:7], body[7:])
    )
    assert hello(records).host == "a.example"


def test_a_greeting_may_name_nobody_or_hide_somebody() -> None:
    assert hello(greeting(None)).host == ""
    assert hello(greeting("a.example", extension=0xFE0D)).hidden


def test_a_malformed_greeting_is_none() -> None:
    whole = greeting("a.example")
    place = whole.index(b"a.example")
    twice = greeting("a.example", extension=0)
    for bad in (
        b"\x17" + whole[1:],
        whole[:1] + b"\x02" + whole[2:],
        whole[:3] + b"\x00\x00" + whole[5:],
        whole[:3] + b"\xff\xff" + whole[5:],
        whole[:5] + b"\x02" + whole[6:],
        whole[:6] + b"\x7f" + whole[7:],
        whole[:place] + b"a\x00example" + whole[place + 9 :],
        whole[: place - 3] + b"\x01" + whole[place - 2 :],
        whole[: place - 2] + b"\x7f\xff" + whole[place:],
        twice,
    ):
        with pytest.raises(NotTls):
            hello(bad)


def test_a_greeting_without_end_is_given_up() -> None:
    long = (b"\x16\x03\x01\x00\x04\x01\x00\x7f\xff") + b"\x16\x03\x01\x00\x01x" * 2 * limits.MAX_JAIL_HELLO
    with pytest.raises((NotTls, More)):
        hello(long)
    with pytest.raises(NotTls):
        hello(b"\x16\x03\x01\x00\x01\x01" * limits.MAX_JAIL_HELLO)


@pytest.mark.parametrize(
    ("raw", "proxied", "meant"),
    [
        (b"GET http://A.example/x?y HTTP/1.1\r\nHost: a.example", True, ("a.example", 80, "/x?y")),
        (b"GET http://a.example:8080 HTTP/1.1", True, ("a.example", 8080, "/")),
        (b"GET http://a.example?q HTTP/1.0", True, ("a.example", 80, "/?q")),
        (b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example", True, ("a.example", 443, "")),
        (b"CONNECT [2001:db8::1]:443 HTTP/1.1", True, ("2001:db8::1", 443, "")),
        (b"GET /x HTTP/1.1\r\nHost: a.example", False, ("a.example", 8080, "/x")),
        (b"OPTIONS * HTTP/1.1\r\nhost: a.example:8080", False, ("a.example", 8080, "*")),
    ],
)
def test_a_request_says_whom_it_means(raw: bytes, proxied: bool, meant: tuple[str, int, str]) -> None:
    found = head(raw, proxied=proxied, port=8080)
    assert (found.host, found.port, found.path) == meant


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"GET",
        b"GET /x HTTP/1.1",
        b"GET  /x HTTP/1.1\r\nHost: a.example",
        b"GET /x HTTP/2.0\r\nHost: a.example",
        b"GET /x HTTP/1.1\r\nHost: a.example\r\nHost: a.example",
        b"GET /x HTTP/1.1\r\nHost : a.example",
        b"GET /x HTTP/1.1\r\nHost: a.example\r\n folded",
        b"GET /x HTTP/1.1\r\nHost: a.example:22",
        b"GET /x HTTP/1.1\r\nHost: a.example, b.example",
        b"GET /x HTTP/1.1\r\nHost: a@b.example",
        b"GET /x HTTP/1.1\nX: y\r\nHost: a.example",
        b"GET http://b.example/x HTTP/1.1\r\nHost: a.example",
        b"GET https://a.example/x HTTP/1.1\r\nHost: a.example",
        b"GET http://u@a.example/x HTTP/1.1\r\nHost: a.example",
        b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example",
        b"POST /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\nContent-Length: 1",
        b"POST /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: +1",
        b"POST /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
        b"POST /x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: gzip, chunked",
    ],
)
def test_a_request_that_is_unclear_is_none(raw: bytes) -> None:
    with pytest.raises(BadHead):
        head(raw, proxied=False)


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /x HTTP/1.1\r\nHost: a.example",
        b"CONNECT a.example HTTP/1.1",
        b"CONNECT a.example:443 HTTP/1.1\r\nHost: b.example",
        b"CONNECT a.example:99999 HTTP/1.1",
    ],
)
def test_a_request_to_a_proxy_names_its_host(raw: bytes) -> None:
    with pytest.raises(BadHead):
        head(raw, proxied=True)


def test_what_goes_on_is_written_anew() -> None:
    raw = (
        b"POST http://a.example:8080/x HTTP/1.1\r\nHost: A.example:8080\r\nProxy-Authorization: Basic eDp5\r\n"
        b"Connection: keep-alive, X-Own\r\nUpgrade: h2c\r\nExpect: 100-continue\r\nX-Other:  y \r\nContent-Length: 3"
    )
    assert head(raw, proxied=True).onward() == (
        b"POST /x HTTP/1.1\r\nHost: a.example:8080\r\nX-Other: y\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"
    )
    six = head(b"GET http://[2001:db8::1]/ HTTP/1.1", proxied=True)
    assert b"Host: [2001:db8::1]\r\n" in six.onward()


def query(name: str, kind: int = 1, *, flags: int = 0x0100, questions: int = 1, tail: bytes = b"") -> bytes:
    labels = b"".join(len(part).to_bytes(1) + part.encode("latin-1") for part in name.split(".") if part)
    return (
        struct.pack("!6H", 7, flags, questions, 0, 0, 0)
        + labels
        + b"\x00"
        + struct.pack("!HH", kind, 1)
        + tail
    )


def test_allowed_names_get_an_address_each_and_others_none() -> None:
    book = Book()
    resolver = Resolver(RULES, book)
    first = resolver.answer(query("a.EXAMPLE"))
    assert first[:4] == struct.pack("!HH", 7, 0x8180) and first[-4:] == bytes([198, 18, 0, 1])
    assert resolver.answer(query("x.b.example"))[-4:] == bytes([198, 18, 0, 2])
    assert resolver.answer(query("a.example"))[-4:] == bytes([198, 18, 0, 1])
    assert (book.name("198.18.0.2"), book.name("198.18.0.9")) == ("x.b.example", "")
    assert resolver.refused == ""
    other = resolver.answer(query("c2VjcmV0.other.example"))
    assert other[3] & 15 == 3 and resolver.refused == "c2VjcmV0.other.example"
    # IPv6, and records by which greetings are encrypted: there are none.
    for kind in (28, 65, 16):
        assert resolver.answer(query("a.example", kind))[2:12] == struct.pack("!5H", 0x8180, 1, 0, 0, 0)


def test_what_is_no_question_is_no_question() -> None:
    resolver = Resolver(RULES, Book())
    assert resolver.answer(b"short") == b""
    assert resolver.answer(query("a.example", flags=0x8000)) == b""
    assert resolver.answer(query("a.example", tail=b"x" * limits.MAX_JAIL_QUERY)) == b""
    assert resolver.answer(query("a.example", flags=0x1000))[3] & 15 == 4
    assert resolver.answer(query("a.example", questions=2))[3] & 15 == 1
    assert resolver.answer(query("a.example")[:-1])[3] & 15 == 1
    assert resolver.answer(struct.pack("!6H", 7, 0, 1, 0, 0, 0) + b"\xc0\x0c\x00\x01\x00\x01")[3] & 15 == 1
    assert resolver.answer(query("\x00.b.example"))[3] & 15 == 3
    assert resolver.answer(query(""))[3] & 15 == 3 and resolver.refused == "."


def test_names_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_JAIL_NAMES", 2)
    resolver = Resolver(RULES, Book())
    codes = [resolver.answer(query(f"{n}.b.example"))[3] & 15 for n in range(3)]
    assert codes == [0, 0, 2]
    assert resolver.answer(query("1.b.example"))[3] & 15 == 0
