"""Private keys: OpenSSH's and PEM's by their headers, GnuPG's by their files."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.secret import Secret
from stockade.acquire.credentials.spots import File, Spot
from stockade.model.credential import Kind, Rotation

_BEGIN = re.compile(rb"-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY-----\s*(.*?)-----END", re.DOTALL)
#: openssh-key-v1: a magic, then the cipher's name with its length (PROTOCOL.key).
_MAGIC = b"openssh-key-v1\0"


def private_keys(file: File) -> Iterator[Found]:
    """Every private key of a file; `locked` where a passphrase is needed to use it."""
    public = file.beside(file.path.with_name(f"{file.path.name}.pub")) or b""
    comment = public.split(b"\n")[0].split(b" ", 2)[2:]
    for kind, body in _BEGIN.findall(file.data):
        yield Found(
            provider="SSH" if b"OPENSSH" in kind or public else "private key",
            kind=Kind.PRIVATE_KEY,
            secret=Secret(b"".join(body.split())),
            principal=comment[0].decode("utf-8", "backslashreplace").strip() if comment else "",
            locked=_locked(kind, body),
            rotation=Rotation.HAND,
        )


def _locked(kind: bytes, body: bytes) -> bool:
    if b"ENCRYPTED" in kind or b"ENCRYPTED" in body[:200]:  # PKCS #8, and Proc-Type of older PEM
        return True
    if b"OPENSSH" not in kind:
        return False
    try:
        whole = base64.b64decode(b"".join(body.split()))
    except (binascii.Error, ValueError):
        return False
    start = len(_MAGIC) + 4
    length = int.from_bytes(whole[len(_MAGIC) : start], "big")
    return whole.startswith(_MAGIC) and whole[start : start + min(length, 64)] != b"none"


def keyring(file: File) -> Iterator[Found]:
    """One of GnuPG's keys, by its keygrip; only those that no passphrase protects are read as text."""
    yield Found(
        provider="GnuPG",
        kind=Kind.PRIVATE_KEY,
        secret=Secret(file.data),
        principal=file.path.stem,
        locked=b"protected-private-key" in file.data[:_HEAD] or b"shadowed-private-key" in file.data[:_HEAD],
    )


_HEAD = 4096

SPOTS = (
    Spot(patterns=(".ssh/*", ".oci/*.pem", "*.pem", ".ssl/*.pem"), read=private_keys),
    Spot(patterns=(".gnupg/private-keys-v1.d/*.key",), read=keyring),
)
