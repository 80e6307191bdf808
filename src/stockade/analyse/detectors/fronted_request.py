"""Asks one host and names another in the request."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import addresses, networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("fronted-request", on=Call, when=networks)
def fronted_request(call: Call) -> Iterator[Evidence]:
    """Asks one host and names another in the request.

    What: a network call to a host by name whose `Host` header is a constant with another name.
    Why: domain fronting: whoever watches the network sees a well-known name, and somebody else gets the data.
    Benign twins: requests to a bare address or to this machine that name the virtual host; they are silent.
    Blind spots: headers that are set on a session beforehand.
    """
    headers = call.keywords.get("headers")
    if headers is None or not isinstance(headers.const, dict):
        return
    named = {str(name).lower(): value for name, value in headers.const.items()}.get("host")
    if not isinstance(named, str) or "." not in named:
        return
    for value in addresses(call):
        host = _host(value.text)
        if host and not _related(host, named.partition(":")[0].lower()):
            yield seen(
                "fronted-request", call, "asks one host and names another in the request", f"{host}, {named}"
            )
            return


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host if host.rpartition(".")[2].isalpha() and "." in host else ""


def _related(one: str, other: str) -> bool:
    """Whether two hosts lie under the same name of two parts."""
    return one.split(".")[-2:] == other.split(".")[-2:]
