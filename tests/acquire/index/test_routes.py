"""Which way a request goes, and what it trusts there."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
import pytest

from stockade.acquire.index.credentials import Secret
from stockade.acquire.index.routes import Routed, is_trusted, make_context, proxy_for
from stockade.acquire.index.settings import IndexSettings, Proxies
from stockade.errors import UsageError
from tests.support.tls import make_certificates


def through(*bypass: str) -> Proxies:
    return Proxies(Secret("http://plain.invalid"), Secret("http://tls.invalid"), bypass)


def test_the_proxy_of_the_scheme() -> None:
    assert proxy_for("http://a.invalid/", through()) == Secret("http://plain.invalid")
    assert proxy_for("https://a.invalid/", through()) == Secret("http://tls.invalid")
    assert proxy_for("https://a.invalid/", Proxies()) is None


@pytest.mark.parametrize(
    ("rule", "url", "straight"),
    [
        ("*", "https://a.invalid/", True),
        ("a.invalid", "https://a.invalid/", True),
        ("a.invalid", "https://x.a.invalid/", True),
        (".a.invalid", "https://x.a.invalid/", True),
        ("*.a.invalid", "https://x.a.invalid/", True),
        ("a.invalid", "https://ba.invalid/", False),
        ("a.invalid:443", "https://a.invalid/", True),
        ("a.invalid:8443", "https://a.invalid/", False),
        ("10.0.0.0/8", "https://10.1.2.3/", True),
        ("10.0.0.0/8", "https://11.1.2.3/", False),
        ("10.0.0.0/8", "https://a.invalid/", False),
        ("10.0.0.0/99", "https://10.1.2.3/", False),
        ("127.0.0.1", "http://127.0.0.1:8000/", True),
        ("[::1]", "http://[::1]:8000/", True),
        ("a.invalid:port", "https://a.invalid/", False),
    ],
)
def test_no_proxy(rule: str, url: str, straight: bool) -> None:
    assert (proxy_for(url, through("other.invalid", rule)) is None) is straight


def test_trusted_hosts() -> None:
    assert is_trusted("https://a.invalid/x", ("a.invalid",))
    assert is_trusted("https://a.invalid:8443/x", ("a.invalid:8443",))
    assert not is_trusted("https://a.invalid/x", ("a.invalid:8443", "invalid"))


def test_contexts(tmp_path: Path) -> None:
    made = make_certificates(tmp_path)
    one = IndexSettings(installer="pip", sources=(), ca=made.authority, client=made.client)
    context = make_context(one, check=True)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(context.get_ca_certs()) == 1, "the configured authority, and no other"
    assert make_context(one, check=False).verify_mode is ssl.CERT_NONE
    folder = IndexSettings(installer="pip", sources=(), ca=tmp_path)
    assert make_context(folder, check=True).verify_mode is ssl.CERT_REQUIRED
    usual = IndexSettings(installer="pip", sources=())
    assert len(make_context(usual, check=True).get_ca_certs()) > 50


def test_certificates_that_are_none(tmp_path: Path) -> None:
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    for path in (broken, tmp_path / "absent"):
        with pytest.raises(UsageError, match="cannot be read as certificates"):
            make_context(IndexSettings(installer="pip", sources=(), ca=path), check=True)
        with pytest.raises(UsageError, match="cannot be read as a client certificate"):
            make_context(IndexSettings(installer="pip", sources=(), client=path), check=True)


@pytest.mark.parametrize(
    ("proxy", "says"),
    [
        ("socks5://u:geheim@p.invalid", "SOCKS"),
        ("ftp://u:geheim@p.invalid", "cannot be used"),
        ("http://geheim:port", "cannot be used"),
    ],
)
def test_proxies_that_cannot_work(proxy: str, says: str) -> None:
    settings = IndexSettings(installer="pip", sources=(), proxies=Proxies(Secret(proxy), Secret(proxy)))
    routed = Routed(settings)
    with pytest.raises(UsageError, match=says) as refused:
        routed.handle_request(httpx.Request("GET", "http://a.invalid/"))
    assert "geheim" not in str(refused.value)
    routed.close()
