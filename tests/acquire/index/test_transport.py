"""Requests are bounded: redirects, retries, pauses, sizes, time; and a login goes where it belongs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from stockade import __version__, limits
from stockade.acquire.index.credentials import Login, Secret
from stockade.acquire.index.settings import IndexSettings, Proxies, Source
from stockade.acquire.index.transport import Transport
from stockade.errors import (
    IndexUnavailable,
    InsecureRedirect,
    RedirectRefused,
    StockadeError,
    TooBig,
    Truncated,
)
from tests.support.asking import Ask
from tests.support.index import Fault, TwinFile, TwinIndex

HOST = "https://index.invalid"


def transport(handler: Callable[[httpx.Request], httpx.Response], **more: object) -> Transport:
    facts: dict[str, object] = {
        "installer": "pip",
        "sources": (Source(url=f"{HOST}/simple"),),
        "timeout": 5.0,
    }
    facts |= more
    redirects = facts.pop("redirects", None)
    settings = IndexSettings(**facts)  # type: ignore[arg-type]
    return Transport(
        settings,
        redirects=redirects or (lambda host: True),  # type: ignore[arg-type]
        base=httpx.MockTransport(handler),
        sleep=lambda _: None,
    )


def body(response: httpx.Response) -> bytes:
    return response.read()


def test_it_says_who_it_is() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"x")

    with transport(handler) as made:
        assert made.get(HOST, {"Accept": "text/html"}, body) == b"x"
    assert seen[0].headers["user-agent"] == f"stockade/{__version__}"
    assert seen[0].headers["accept"] == "text/html"
    assert "authorization" not in seen[0].headers
    assert logging.getLogger("httpx").level >= logging.WARNING, "httpx logs whole URLs at INFO"


@pytest.mark.parametrize(
    ("location", "error", "says"),
    [
        ("http://index.invalid/", InsecureRedirect, "plain http"),
        ("HTTP://other.invalid/", InsecureRedirect, "plain http"),
        ("file:///etc/passwd", IndexUnavailable, "neither http nor https"),
        ("https://[x", IndexUnavailable, "no URL"),
        ("https://a.invalid:port/", IndexUnavailable, "no URL"),
        (HOST, IndexUnavailable, "redirects more than 5 times"),
    ],
)
def test_redirects_that_are_not_followed(location: str, error: type[StockadeError], says: str) -> None:
    answer = httpx.Response(302, headers={"Location": location})
    with transport(lambda _: answer) as made, pytest.raises(error, match=says):
        made.get(HOST, {}, body)


def test_a_redirect_carries_no_login_elsewhere() -> None:
    seen: list[tuple[str, str | None]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.host, request.headers.get("authorization")))
        if request.url.host == "index.invalid":
            return httpx.Response(302, headers={"Location": "https://u:pw@files.invalid/x"})
        return httpx.Response(200, content=b"x")

    source = Source(url=f"{HOST}/simple", login=Login(Secret("u"), Secret("geheim")))
    with transport(handler, sources=(source,)) as made:
        made.get(f"{HOST}/simple/x/", {}, body)
    assert seen[0][1] is not None
    assert seen[1] == ("files.invalid", None)


def test_redirects_lead_to_no_host_but_those_that_may_be() -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": request.url.params["to"]})

    with transport(handler, redirects=lambda host: host == "files.invalid") as made:
        with pytest.raises(
            RedirectRefused, match=r"index\.invalid/\S* redirects to evil\.invalid, which is none of"
        ):
            made.get(f"{HOST}/x?to=https://u:geheim@evil.invalid/x", {}, body)
        assert asked == ["index.invalid"]
        # From a host that may be to one that may not; and back to the one that was asked, which needs no leave.
        with pytest.raises(RedirectRefused, match="files"):
            made.get(f"{HOST}/x?to=https://files.invalid/y?to=https://evil.invalid/", {}, body)
        assert asked[1:] == ["index.invalid", "files.invalid"]
        with pytest.raises(IndexUnavailable, match="no URL"):
            made.get(f"{HOST}/x?to=https://files.invalid/y?to=https://INDEX.invalid/z?to=https://[", {}, body)


def test_plain_http_may_lead_to_https_and_back_is_refused() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.scheme == "http":
            return httpx.Response(301, headers={"Location": HOST})
        return httpx.Response(200, content=b"safe")

    with transport(handler) as made:
        assert made.get("http://index.invalid/", {}, body) == b"safe"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_failures_are_tried_again(tmp_path: Path, ask: Ask, status: int) -> None:
    faults = {"demo": Fault("error", times=2, status=status)}
    with TwinIndex({"demo": []}, faults=faults) as twin:
        asking = ask(tmp_path, twin.url)
        assert asking.transport.get(f"{twin.url}demo/", {}, lambda one: one.status_code) == 200
        assert asking.slept == [limits.RETRY_SECONDS, limits.RETRY_SECONDS * 4]
        assert len(twin.hits("demo")) == 3


def test_lasting_failures_are_not_tried_for_ever(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": []}, faults={"demo": Fault("error")}) as twin:
        asking = ask(tmp_path, twin.url)
        with pytest.raises(IndexUnavailable, match=r"127\.0\.0\.1 answers 500"):
            asking.transport.get(f"{twin.url}demo/?token=geheim", {}, body)
        assert len(twin.hits("demo")) == limits.MAX_RETRIES + 1


@pytest.mark.parametrize(
    ("retry_after", "slept"),
    [
        ("7", [7.0]),
        ("0", [0.0]),
        ("3600", []),
        ("9" * 50, []),
        ("soon", [limits.RETRY_SECONDS]),
        ("Mon, 01 Jan 2001 00:00:00 GMT", [0.0]),
        ("Mon, 01 Jan 2001 00:00:00 -0000", [0.0]),
        # Named, since the clock would name it otherwise, and workers that collect must agree.
        pytest.param(format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True), [], id="tomorrow"),
    ],
)
def test_retry_after_is_honoured_within_bounds(
    tmp_path: Path, ask: Ask, retry_after: str, slept: list[float]
) -> None:
    faults = {"demo": Fault("error", times=1, status=503, retry_after=retry_after)}
    with TwinIndex({"demo": []}, faults=faults) as twin:
        asking = ask(tmp_path, twin.url)
        if slept:
            asking.transport.get(f"{twin.url}demo/", {}, body)
        else:
            with pytest.raises(IndexUnavailable, match="503"):
                asking.transport.get(f"{twin.url}demo/", {}, body)
        assert asking.slept == slept


@pytest.mark.parametrize(
    ("error", "says", "tries"),
    [
        (httpx.ConnectError("refused"), "cannot be reached", 4),
        (httpx.ReadTimeout("slow"), "did not answer within 5 s", 4),
        (httpx.RemoteProtocolError("cut"), "broke off in the middle", 4),
        (httpx.ConnectError("CERTIFICATE_VERIFY_FAILED"), "is not trusted", 1),
        (httpx.ReadError("ALERT_CERTIFICATE_REQUIRED"), "asks for a client certificate", 1),
        (httpx.DecodingError("gzip"), "not HTTP as agreed", 1),
    ],
)
def test_what_keeps_us_from_an_index(error: httpx.HTTPError, says: str, tries: int) -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        raise error

    with transport(handler) as made, pytest.raises((IndexUnavailable, Truncated), match=says) as failed:
        made.get(f"{HOST}/simple/?token=geheim", {}, body)
    assert len(seen) == tries
    assert "geheim" not in str(failed.value)
    assert failed.value.__suppress_context__


def test_sizes_are_bounded(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": []}, faults={"demo": Fault("endless")}) as twin:
        asking = ask(tmp_path, twin.url)
        with pytest.raises(TooBig, match="sends more than 100000 bytes"):
            asking.transport.get(f"{twin.url}demo/", {}, lambda one: asking.transport.read_body(one, 100_000))


def test_a_trickle_is_not_waited_for() -> None:
    now = [0.0]

    def parts() -> Iterator[bytes]:
        for _ in range(100):
            now[0] += 25.0
            yield b"x"

    settings = IndexSettings(installer="pip", sources=())
    base = httpx.MockTransport(lambda _: httpx.Response(200, content=parts()))
    made = Transport(settings, base=base, clock=lambda: now[0])
    with pytest.raises(IndexUnavailable, match="too slowly"):
        made.get(HOST, {}, lambda one: made.read_body(one, 1000))
    assert now[0] == 75.0


def test_a_login_in_the_configuration(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": []}, auth=("us@er", "geheim")) as twin:
        for login, status in ((Login(Secret("us@er"), Secret("geheim")), 200), (None, 401)):
            settings = IndexSettings(installer="pip", sources=(Source(url=twin.url, login=login),))
            asking = ask(tmp_path, settings)
            assert asking.transport.get(f"{twin.url}demo/", {}, lambda one: one.status_code) == status


def test_a_login_from_netrc(tmp_path: Path, ask: Ask) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password geheim\n")
    with TwinIndex({"demo": []}, auth=("somebody", "geheim")) as twin:
        settings = IndexSettings(installer="pip", sources=(Source(url=twin.url),), netrc=netrc)
        asking = ask(tmp_path, settings)
        assert asking.transport.get(f"{twin.url}demo/", {}, lambda one: one.status_code) == 200
        netrc.write_text("machine a.invalid login b pasword c")
        broken = ask(tmp_path, settings)
        assert broken.transport.get(f"{twin.url}demo/", {}, lambda one: one.status_code) == 401
        assert any("netrc" in note for note in broken.index.notes)


class _Kept:
    username = "somebody"
    password = "geheim"


class _Keyring:
    def get_credential(self, service_name: str, username: str | None, /) -> _Kept | None:
        return _Kept() if service_name == "127.0.0.1" else None


def test_a_login_from_the_keyring_after_a_refusal(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": []}, auth=("somebody", "geheim")) as twin:
        asking = ask(tmp_path, twin.url, keyring=_Keyring())
        for _ in range(2):
            assert asking.transport.get(f"{twin.url}demo/", {}, lambda one: one.status_code) == 200
        assert [hit.status for hit in twin.log] == [401, 200, 200]


def test_tls_by_a_configured_authority(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": []}, tls=tmp_path / "ca") as twin:
        trusting = IndexSettings(installer="pip", sources=(Source(url=twin.url),), ca=twin.authority)
        asking = ask(tmp_path, trusting)
        assert asking.transport.get(f"{twin.url}demo/", {}, lambda one: one.status_code) == 200
        usual = ask(tmp_path, twin.url)
        with pytest.raises(IndexUnavailable, match=r"certificate of 127\.0\.0\.1 is not trusted"):
            usual.transport.get(f"{twin.url}demo/", {}, body)
        assert usual.slept == []
        careless = IndexSettings(installer="pip", sources=(Source(url=twin.url),), trusted=("127.0.0.1",))
        asking = ask(tmp_path, careless)
        assert asking.transport.get(f"{twin.url}demo/", {}, lambda one: one.status_code) == 200


def test_tls_with_a_client_certificate(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": []}, tls=tmp_path / "ca", ask_client=True) as twin:
        assert twin.certificates is not None
        for client, good in ((twin.certificates.client, True), (None, False)):
            sources = (Source(url=twin.url),)
            settings = IndexSettings(installer="pip", sources=sources, ca=twin.authority, client=client)
            asking = ask(tmp_path, settings)
            if good:
                assert asking.transport.get(f"{twin.url}demo/", {}, lambda one: one.status_code) == 200
            else:
                with pytest.raises(IndexUnavailable, match="client certificate"):
                    asking.transport.get(f"{twin.url}demo/", {}, body)


def test_a_proxy_is_asked_instead(tmp_path: Path, ask: Ask) -> None:
    """The twin serves as the proxy of a host that doesn't exist: it sees the whole URL."""
    with TwinIndex({"demo": [TwinFile("demo-1.0.tar.gz", b"x")]}) as proxy:
        proxies = Proxies(Secret(proxy.base), Secret(proxy.base))
        settings = IndexSettings(installer="pip", sources=(), proxies=proxies)
        asking = ask(tmp_path, settings)
        asking.transport.get("http://index.invalid/simple/demo/", {}, body)
        assert proxy.hits() == ["http://index.invalid/simple/demo/"]
