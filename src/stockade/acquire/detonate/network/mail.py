"""A server of mail (RFC 5321) that takes every letter and delivers none."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from stockade.acquire.detonate.network.wire import Reader, Wire
from stockade.acquire.detonate.network.written import Carried

#: Ports where a server speaks first.
PORTS = frozenset({25, 465, 587, 2525})
HELLO = re.compile(rb"(EHLO|HELO)\b", re.IGNORECASE)
GREETING = b"220 mail ESMTP ready\r\n"


async def mail(wire: Wire, reader: Reader, carried: Carried, secure: Callable[[], Awaitable[None]]) -> None:
    """A whole session, letters and passwords included. `secure` begins TLS (RFC 3207)."""
    told: list[str] = []
    while True:
        line = await reader.line()
        carried.take(line)
        verb, _, rest = line.strip().decode("latin-1").partition(" ")
        verb = verb.upper()
        if verb in {"MAIL", "RCPT"} and len(told) < 20:
            told.append(f"{verb} {rest}")
            carried.summary = ", ".join(told)
        if verb == "STARTTLS" and not wire.secure:
            await wire.send(b"220 go ahead\r\n")
            reader.rest = b""
            await secure()
        elif verb == "AUTH":
            await _login(rest, wire, reader, carried)
        elif verb == "DATA":
            await wire.send(b"354 go on\r\n")
            await _letter(reader, carried)
            await wire.send(b"250 2.0.0 queued as 4F1A2B3C\r\n")
        elif verb == "QUIT":
            await wire.send(b"221 bye\r\n")
            return
        else:
            await wire.send(_said(verb, wire.secure))


def _said(verb: str, secure: bool) -> bytes:
    if verb == "EHLO":
        offered = b"" if secure else b"250-STARTTLS\r\n"
        return b"250-mail\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n" + offered + b"250 AUTH PLAIN LOGIN\r\n"
    return b"250 ok\r\n"


async def _login(rest: str, wire: Wire, reader: Reader, carried: Carried) -> None:
    """PLAIN and LOGIN (RFC 4954); everybody is let in."""
    kind, _, given = rest.partition(" ")
    wanted = [b"VXNlcm5hbWU6", b"UGFzc3dvcmQ6"] if kind.upper() == "LOGIN" else [b""]
    for prompt in wanted[1 if given else 0 :]:
        await wire.send(b"334 " + prompt + b"\r\n")
        carried.take(await reader.line())
    await wire.send(b"235 2.7.0 accepted\r\n")


async def _letter(reader: Reader, carried: Carried) -> None:
    while True:
        line = await reader.line()
        carried.take(line)
        if line.strip() == b"." and line.startswith(b"."):
            return
