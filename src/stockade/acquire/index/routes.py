"""Which way a request goes, and what it trusts there: proxies, NO_PROXY, authorities, client certificates.

Imported only by who is about to ask something, since httpx takes 90 ms to import.
"""

from __future__ import annotations

import ipaddress
import ssl
import threading
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from stockade import limits
from stockade.acquire.index.credentials import Secret, origin_of
from stockade.acquire.index.settings import IndexSettings, Proxies
from stockade.errors import UsageError


class Routed(httpx.BaseTransport):
    """httpx's transport, one for each way: straight or by a proxy, with certificates checked or, if told so, not."""

    def __init__(self, settings: IndexSettings, connections: int = limits.MAX_CONNECTIONS) -> None:
        self._settings, self._connections = settings, connections
        self._ways: dict[tuple[Secret | None, bool], httpx.HTTPTransport] = {}
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` its way; raises what httpx raises, and UsageError for settings that cannot work."""
        url = str(request.url)
        way = (proxy_for(url, self._settings.proxies), is_trusted(url, self._settings.trusted))
        with self._lock:
            if way not in self._ways:
                self._ways[way] = _transport(self._settings, self._connections, *way)
        return self._ways[way].handle_request(request)

    def close(self) -> None:
        """Close every connection."""
        for one in self._ways.values():
            one.close()


def _transport(
    settings: IndexSettings, connections: int, proxy: Secret | None, unchecked: bool
) -> httpx.HTTPTransport:
    pool = httpx.Limits(max_connections=connections, max_keepalive_connections=limits.MAX_CONNECTIONS)
    context = make_context(settings, check=not unchecked)
    try:
        return httpx.HTTPTransport(verify=context, limits=pool, proxy=proxy.reveal() if proxy else None)
    except ImportError:
        raise UsageError("the proxy is a SOCKS proxy, and stockade speaks only to HTTP proxies") from None
    except (ValueError, httpx.InvalidURL):
        # httpx's own message quotes the URL, and a password may stand in it.
        raise UsageError("the proxy's URL cannot be used") from None


def make_context(settings: IndexSettings, *, check: bool) -> ssl.SSLContext:
    """The TLS rules of a run: the configured authorities, else the system's and certifi's together.

    Raises UsageError where a file of certificates cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if settings.ca is None:
        import certifi

        context.load_default_certs()
        context.load_verify_locations(cafile=certifi.where())
    else:
        _load(context, settings.ca)
    if not check:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.client is not None:
        try:
            context.load_cert_chain(settings.client)
        except (OSError, ssl.SSLError):
            raise UsageError(
                f"{settings.client} cannot be read as a client certificate with its key"
            ) from None
    return context


def _load(context: ssl.SSLContext, authorities: Path) -> None:
    try:
        if authorities.is_dir():
            context.load_verify_locations(capath=authorities)
        else:
            context.load_verify_locations(cafile=authorities)
    except OSError:  # ssl.SSLError is one
        raise UsageError(f"{authorities} cannot be read as certificates of authorities") from None


def proxy_for(url: str, proxies: Proxies) -> Secret | None:
    """The proxy for `url`, or None to go straight."""
    origin = origin_of(url)
    proxy = proxies.https if origin.scheme == "https" else proxies.http
    if proxy is None or any(_excepts(rule, origin.host, origin.port) for rule in proxies.bypass):
        return None
    return proxy


def is_trusted(url: str, trusted: tuple[str, ...]) -> bool:
    """Whether `url` is on a host (``host`` or ``host:port``) whose certificate isn't to be checked."""
    origin = origin_of(url)
    return any(_host_and_port(one) in {(origin.host, None), (origin.host, origin.port)} for one in trusted)


def _excepts(rule: str, host: str, port: int) -> bool:
    """Whether one entry of NO_PROXY covers a host: ``*``, a domain, an address (each with a port or not), a network."""
    if rule == "*":
        return True
    if "/" in rule:
        return _in_network(host, rule)
    name, wanted = _host_and_port(rule)
    if wanted is not None and wanted != port:
        return False
    name = name.removeprefix("*").removeprefix(".")
    return host == name or host.endswith(f".{name}")


def _host_and_port(rule: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(rule if "://" in rule else f"//{rule}")
        return (parts.hostname or "").lower(), parts.port
    except ValueError:
        return rule, None


def _in_network(host: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
