"""Requests to an index: one client, bounded in time, size, redirects and retries.

httpx is imported inside functions: it costs 90 ms, and `stockade scan` asks nobody.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar
from urllib.parse import urljoin, urlsplit

from stockade import __version__, limits
from stockade.acquire.index.credentials import (
    Keyring,
    Login,
    LoginBook,
    origin_of,
    read_netrc,
    shown_url,
    system_keyring,
    without_login,
)
from stockade.acquire.index.settings import IndexSettings
from stockade.errors import (
    IndexUnavailable,
    InsecureRedirect,
    RedirectRefused,
    StockadeError,
    TooBig,
    Truncated,
    UsageError,
)

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
USER_AGENT = f"stockade/{__version__}"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


class _Again(Exception):
    """What came is worth another try after `pause` seconds; `error` is raised when tries are used up."""

    def __init__(self, error: StockadeError, pause: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.pause = pause


class Transport:
    """One client for one run; used by many threads at once, closed by whoever made it.

    `redirects` says whether an index may redirect to a host other than the one that was asked.
    `connections` are kept open to one index at a time. `base` replaces httpx's own transport and `keyring` the system's
    (tests); `sleep` and `clock` are seconds.
    """

    def __init__(
        self,
        settings: IndexSettings,
        *,
        redirects: Callable[[str], bool] = lambda host: True,
        connections: int = limits.MAX_CONNECTIONS,
        base: httpx.BaseTransport | None = None,
        keyring: Keyring | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._redirects = redirects
        self._connections = connections
        self._base = base
        self._keyring = keyring
        self._sleep = sleep
        self._clock = clock
        self._made: httpx.Client | None = None
        self._book: LoginBook | None = None
        self._lock = threading.Lock()
        self._closed = False
        self.notes: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; what is still under way fails, and is not tried again."""
        self._closed = True
        if self._made is not None:
            self._made.close()

    def get(self, url: str, headers: Mapping[str, str], read: Callable[[httpx.Response], T]) -> T:
        """Whatever `read` makes of the final answer to a GET of `url`, which it may stream once.

        Redirects are followed, passing failures tried again (then `read` starts afresh). Raises
        InsecureRedirect, Truncated, or IndexUnavailable with the host but without any secret.
        """
        for attempt in range(limits.MAX_RETRIES + 1):
            try:
                return self._once(url, headers, read)
            except _Again as again:
                if attempt == limits.MAX_RETRIES or self._closed:
                    raise again.error from None
                pause = limits.RETRY_SECONDS * 4**attempt if again.pause is None else again.pause
                if pause > limits.MAX_RETRY_AFTER:
                    raise again.error from None
            self._sleep(pause)
        raise AssertionError("unreachable")

    def read_body(self, response: httpx.Response, limit: int) -> bytes:
        """The body, decoded, of at most `limit` bytes; raises TooBig or IndexUnavailable (too slow)."""
        parts: list[bytes] = []
        watch = self.watch(response)
        # Without a chunk size, since httpx would hold back a trickle until a chunk is full.
        for part in response.iter_bytes():
            parts.append(part)
            if watch(len(part)) > limit:
                raise TooBig(f"{shown_url(str(response.url))} sends more than {limit} bytes")
        return b"".join(parts)

    def watch(self, response: httpx.Response) -> Callable[[int], int]:
        """A counter of bytes that raises when a transfer stays slower than limits.MIN_RATE."""
        began = self._clock()
        total = 0

        def count(size: int) -> int:
            nonlocal total
            total += size
            spent = self._clock() - began
            if spent > limits.SLOW_SECONDS and total < spent * limits.MIN_RATE:
                raise IndexUnavailable(f"{_host(str(response.url))} sends too slowly to wait for")
            return total

        return count

    def _once(self, url: str, headers: Mapping[str, str], read: Callable[[httpx.Response], T]) -> T:
        import httpx

        try:
            return self._followed(url, headers, read)
        except httpx.RemoteProtocolError as why:
            if "location" in str(why):  # httpx reads a redirect's target even if it isn't to follow it
                raise IndexUnavailable(f"{shown_url(url)} redirects to what is no URL") from None
            broken = Truncated(f"{_host(url)} broke off in the middle of {shown_url(url)}")
            raise _Again(broken) from None
        except httpx.TimeoutException:
            seconds = f"{self.settings.timeout:.0f} s"
            raise _Again(IndexUnavailable(f"{_host(url)} did not answer within {seconds}")) from None
        except httpx.TransportError as why:
            _raise_unreachable(why, url)
        except (httpx.DecodingError, httpx.InvalidURL):
            raise IndexUnavailable(
                f"{_host(url)} answered with something that is not HTTP as agreed"
            ) from None

    def _followed(self, url: str, headers: Mapping[str, str], read: Callable[[httpx.Response], T]) -> T:
        login = self._logins().for_url(url)
        asked = _host(url)
        for _ in range(limits.MAX_REDIRECTS + 1):
            with self._client().stream("GET", url, headers=dict(headers), auth=_auth(login)) as response:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    target = _next(url, response.headers["location"])
                    self._allow(url, target, asked)
                    url = target
                    login = self._logins().for_url(url)
                    continue
                if response.status_code == 401 and (better := self._logins().after_refusal(url, login)):
                    login = better
                    continue
                if response.status_code in _PASSING:
                    error = IndexUnavailable(
                        f"{_host(url)} answers {response.status_code} for {shown_url(url)}"
                    )
                    raise _Again(error, _retry_after(response.headers.get("retry-after")))
                return read(response)
        raise IndexUnavailable(f"{shown_url(url)} redirects more than {limits.MAX_REDIRECTS} times")

    def _allow(self, url: str, target: str, asked: str) -> None:
        """Raises RedirectRefused where `target` is on neither the host that was asked nor one that policy names."""
        host = _host(target)
        if host != asked and not self._redirects(host):
            raise RedirectRefused(
                f"{shown_url(url)} redirects to {host}, which is none of the policy's redirect-hosts"
            )

    def _logins(self) -> LoginBook:
        with self._lock:
            if self._book is None:
                netrc = read_netrc(self.settings.netrc)
                self.notes += [netrc.note] if netrc.note else []
                sources = {one.url: one.login for one in self.settings.sources}
                keyring = self._keyring
                if keyring is None and self.settings.keyring:
                    keyring = system_keyring()
                self._book = LoginBook(sources, netrc, keyring)
            return self._book

    def _client(self) -> httpx.Client:
        with self._lock:
            if self._made is None:
                self._made = _make_client(self.settings, self._connections, self._base)
            return self._made


def _make_client(settings: IndexSettings, connections: int, base: httpx.BaseTransport | None) -> httpx.Client:
    import httpx

    from stockade.acquire.index.routes import Routed

    # httpx logs whole URLs at INFO, and a signature may stand in a query.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    timeout = httpx.Timeout(settings.timeout, connect=min(settings.timeout, limits.CONNECT_SECONDS))
    return httpx.Client(
        transport=base or Routed(settings, connections),
        timeout=timeout,
        trust_env=False,
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
        follow_redirects=False,
    )


def _auth(login: Login | None) -> tuple[str, str] | None:
    return None if login is None else (login.user.reveal(), login.password.reveal())


def _host(url: str) -> str:
    return urlsplit(url).hostname or "the index"


def _next(url: str, location: str) -> str:
    """Where a redirect leads; a login in it is dropped. Raises InsecureRedirect, IndexUnavailable."""
    try:
        target, _ = without_login(urljoin(url, location))
    except (UsageError, ValueError):
        raise IndexUnavailable(f"{shown_url(url)} redirects to what is no URL") from None
    scheme = urlsplit(target).scheme.lower()
    if scheme not in {"http", "https"}:
        raise IndexUnavailable(f"{shown_url(url)} redirects to what is neither http nor https")
    if origin_of(url).scheme == "https" and scheme == "http":
        raise InsecureRedirect(f"{shown_url(url)} redirects from https to plain http")
    return target


def _retry_after(text: str | None) -> float | None:
    """Seconds that a Retry-After asks for (RFC 9110, section 10.2.3); None where it says nothing readable."""
    if not text:
        return None
    if text.strip().isdecimal():
        return float(text.strip()[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _raise_unreachable(why: Exception, url: str) -> NoReturn:
    """Say what kept us from `url`; a certificate that isn't trusted won't be trusted the next time either."""
    host = _host(url)
    text = str(why)
    if "CERTIFICATE_VERIFY_FAILED" in text:
        message = (
            f"the certificate of {host} is not trusted; if that is your own index, set `cert` in pip.conf"
        )
        raise IndexUnavailable(f"{message} or SSL_CERT_FILE to its authority") from None
    if "CERTIFICATE_REQUIRED" in text:
        raise IndexUnavailable(
            f"{host} asks for a client certificate; set `client-cert` in pip.conf"
        ) from None
    raise _Again(IndexUnavailable(f"{host} cannot be reached")) from None
