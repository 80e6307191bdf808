"""How thieves write what they take, and what they take it to."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import json
import lzma
import struct
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Mapping

from stockade.model.observation import Decoy, Exchange, Stage

MARKER = b"Qx7/fT2kWm9+vB4nLp0sZc8RyH3jDg6eAu1iKo5X"
DECOY = Decoy(marker=MARKER, where="~/.aws/credentials", what="AWS secret key")
Disguise = Callable[[bytes], bytes]


def json_text(data: bytes) -> bytes:
    """As a value of JSON, among others."""
    return json.dumps({"host": "ws", "data": data.decode("latin-1"), "n": 3}).encode()


def escaped(data: bytes) -> bytes:
    return "".join(f"\\u{one:04x}" for one in data).encode()


def zipped(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("other.txt", b"some text " * 20)
        archive.writestr("loot/credentials", data)
    return held.getvalue()


def with_lines(data: bytes) -> bytes:
    return base64.encodebytes(data)


def among(data: bytes) -> bytes:
    """In a file like the one that it comes from."""
    return b"[default]\naws_secret_access_key = " + data + b"\nregion = eu\n"


def xor(key: int) -> Disguise:
    return lambda data: bytes(one ^ key for one in data)


TEXTS: Mapping[str, Disguise] = {
    "base64": base64.b64encode,
    "base64 urlsafe": base64.urlsafe_b64encode,
    "base64 lines": with_lines,
    "base32": base64.b32encode,
    "base32 lower": lambda data: base64.b32encode(data).lower().rstrip(b"="),
    "hex": binascii.hexlify,
    "hex upper": lambda data: binascii.hexlify(data).upper(),
    "hex colons": lambda data: binascii.hexlify(data, ":"),
    "numbers": lambda data: json.dumps(list(data)).encode(),
    "URL-encoded": lambda data: urllib.parse.quote_from_bytes(data, safe="").encode(),
    "form": lambda data: urllib.parse.urlencode({"a": "b", "d": data}).encode(),
    "escaped": escaped,
    "JSON": json_text,
}
PACKED: Mapping[str, Disguise] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zlib": zlib.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zip": zipped,
    "UTF-16": lambda data: data.decode("latin-1").encode("utf-16-le"),
}
EVERY: Mapping[str, Disguise] = {
    **TEXTS,
    **PACKED,
    "reversed": lambda data: data[::-1],
    "among": among,
    "XOR": xor(0x5A),
}


def post(
    body: bytes,
    host: str = "collect.invalid",
    *,
    seconds: float = 1.0,
    stage: Stage = Stage.IMPORT,
    path: str = "/in",
) -> Exchange:
    """A request."""
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
    return Exchange(
        seconds=seconds,
        stage=stage,
        protocol="https",
        host=host,
        port=443,
        sent=head.encode() + body,
        summary=f"POST {path}",
    )


def get(
    target: str,
    host: str = "collect.invalid",
    *,
    seconds: float = 1.0,
    stage: Stage = Stage.IMPORT,
    headers: str = "",
) -> Exchange:
    sent = f"GET {target} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()
    return Exchange(
        seconds=seconds,
        stage=stage,
        protocol="http",
        host=host,
        port=80,
        sent=sent,
        summary=f"GET {target}",
    )


def lookup(name: bytes, *, seconds: float = 1.0, stage: Stage = Stage.IMPORT) -> Exchange:
    """A question for the address of `name`."""
    labels = b"".join(bytes([len(one)]) + one for one in name.split(b"."))
    packet = struct.pack("!6H", 7, 0x100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"
    host = name.decode("ascii")
    return Exchange(
        seconds=seconds,
        stage=stage,
        protocol="dns",
        host=host,
        port=53,
        sent=packet,
        summary=f"A {host}",
    )


def raw(data: bytes, protocol: str = "tcp") -> Exchange:
    return Exchange(
        seconds=1.0, stage=Stage.IMPORT, protocol=protocol, host="collect.invalid", port=4444, sent=data
    )
