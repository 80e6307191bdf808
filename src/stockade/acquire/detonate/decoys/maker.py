"""Secrets that open nothing, in the forms that real ones have."""

from __future__ import annotations

import base64
import binascii
import json
import random
import re
import string
import struct
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

UPPER, LOWER, DIGITS = string.ascii_uppercase, string.ascii_lowercase, string.digits
ALNUM = UPPER + LOWER + DIGITS
BASE64 = ALNUM + "+/"
HEX = DIGITS + "abcdef"
BASE32 = UPPER + "234567"
#: Some words, as those of wallets look.
_WORDS = re.findall(
    r"\w+",
    """
    anchor basket candle dolphin ember falcon garden harbor island jungle kitten lemon magnet noodle ocean
    pepper quartz ribbon saddle temple umbrella velvet walnut yellow zebra acorn bridge copper desert engine
    feather glove hammer insect jacket kernel ladder mirror needle orange pencil rabbit silver ticket unique
    vessel window cactus banner castle dragon fabric guitar helmet jelly marble oxygen planet rocket shadow
    tunnel valley winter
    """,
)


class Maker:
    """Draws from `seed`, so that the same one gives the same secrets; without one nobody can foretell them."""

    def __init__(self, seed: str | None = None) -> None:
        self._drawn = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 - opens nothing

    def text(self, length: int, alphabet: str = ALNUM) -> str:
        return "".join(self._drawn.choices(alphabet, k=length))

    def raw(self, length: int) -> bytes:
        return self._drawn.getrandbits(8 * length).to_bytes(length, "big")

    def number(self, low: int, high: int) -> int:
        return self._drawn.randint(low, high)

    def uuid(self) -> str:
        """One of version 4 (RFC 9562)."""
        held = bytearray(self.raw(16))
        held[6], held[8] = held[6] & 0x0F | 0x40, held[8] & 0x3F | 0x80
        told = held.hex()
        return f"{told[:8]}-{told[8:12]}-{told[12:16]}-{told[16:20]}-{told[20:]}"

    def words(self, count: int = 12) -> str:
        """What a wallet is brought back with."""
        return " ".join(self._drawn.choices(_WORDS, k=count))

    def github(self) -> str:
        """A personal token: its last six letters are the checksum of the thirty before."""
        body = self.text(30)
        rest, made = binascii.crc32(body.encode()), ""
        for _ in range(6):
            rest, digit = divmod(rest, 62)
            made = (DIGITS + UPPER + LOWER)[digit] + made
        return f"ghp_{body}{made}"

    def jwt(self, claims: Mapping[str, object]) -> tuple[str, str]:
        """A signed token (RFC 7519), and its signature, which alone tells it from others."""
        signature = self.text(86, ALNUM + "-_")
        head = {"alg": "RS256", "kid": self.text(43, ALNUM), "typ": "JWT"}
        return ".".join((_part(head), _part(claims), signature)), signature

    def ssh(self, comment: str) -> tuple[str, str, str]:
        """A private key as OpenSSH keeps it (PROTOCOL.key), its middle line, and its public key."""
        private = self.raw(32)
        public = Ed25519PrivateKey.from_private_bytes(private).public_key()
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        shown = _piece(b"ssh-ed25519") + _piece(raw)
        check = self.raw(4)
        held = check + check + shown + _piece(private + raw) + _piece(comment.encode())
        held += bytes(range(1, 1 + -len(held) % 8))
        blob = b"openssh-key-v1\0" + _piece(b"none") * 2 + _piece(b"") + struct.pack(">I", 1)
        lines = _lines(base64.b64encode(blob + _piece(shown) + _piece(held)).decode(), 70)
        told = "\n".join(
            ("-----BEGIN OPENSSH PRIVATE KEY-----", *lines, "-----END OPENSSH PRIVATE KEY-----", "")
        )
        return told, lines[3], f"ssh-ed25519 {base64.b64encode(shown).decode()} {comment}\n"

    def pem(self, title: str, size: int = 1190) -> tuple[str, str]:
        """Something of the form of a key in PEM (RFC 7468), and its middle line. No key is in it."""
        lines = _lines(
            base64.b64encode(b"\x30\x82" + struct.pack(">H", size - 4) + self.raw(size - 4)).decode(), 64
        )
        return "\n".join((f"-----BEGIN {title}-----", *lines, f"-----END {title}-----", "")), lines[
            len(lines) // 2
        ]


def _part(value: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def _piece(data: bytes) -> bytes:
    """A string of SSH's (RFC 4251, section 5)."""
    return struct.pack(">I", len(data)) + data


def _lines(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]
