"""Ciphers whose key lies beside what they hide: Fernet, AES and RC4, undone on constants and under bounds.

Written out here, so that facts depend on bytes alone and not on which library is installed, and no native code ever
sees hostile input. The keys are the analysed file's own and secret to nobody, so that time may tell about them.
AES is FIPS 197, its modes are NIST SP 800-38A and -38D, Fernet is its own specification, version 0x80.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from stockade.analyse.code.ops import Unfoldable

#: Longest text that is decrypted; pure Python does some 400 KiB a second.
MAX_CIPHERED = 1 << 18
#: Steps of the budget that one block takes.
STEPS_A_BLOCK = 40

_FERNET_VERSION = 0x80
_BLOCK = 16
_Words = tuple[int, ...]


@dataclass(slots=True, eq=False)
class Cipher:
    """A cipher with its key. `mode` is "fernet", "rc4", "ecb", "cbc", "ctr" or "gcm"; `start` the IV or nonce.

    `maker` is the dotted name that it was made by.
    """

    mode: str
    key: bytes
    start: bytes = b""
    maker: str = ""


@dataclass(slots=True, eq=False)
class Hashed:
    """Data that a hash was taken of, for the keys that are made so."""

    name: str
    data: bytes

    def digest(self) -> bytes:
        """The hash itself."""
        return hashlib.new(self.name, self.data, usedforsecurity=False).digest()


def decrypted(cipher: Cipher, data: bytes) -> bytes:
    """What `data` hides; raises Unfoldable where the key does not fit, or it is too much."""
    if len(data) > MAX_CIPHERED:
        raise Unfoldable
    if cipher.mode == "fernet":
        return _fernet(cipher.key, data)
    if cipher.mode == "rc4":
        return _rc4(cipher.key, data)
    if cipher.mode in {"ecb", "cbc"}:
        return _blocks(cipher.key, data, cipher.start if cipher.mode == "cbc" else None)
    return _counted(cipher, data)


def unpadded(data: bytes, size: int = _BLOCK) -> bytes:
    """PKCS 7 padding taken off (RFC 5652, section 6.3); raises Unfoldable where there is none."""
    if not data or not 0 < data[-1] <= min(size, len(data)) or len(set(data[-data[-1] :])) > 1:
        raise Unfoldable
    return data[: -data[-1]]


def fernet(key: bytes | str, maker: str = "") -> Cipher:
    """A Fernet cipher by its key, which is 32 bytes in URL-safe base64."""
    raw = base64.urlsafe_b64decode(key)
    if len(raw) != 32:
        raise Unfoldable
    return Cipher("fernet", raw, maker=maker)


def _fernet(key: bytes, token: bytes) -> bytes:
    raw = base64.urlsafe_b64decode(token)
    if len(raw) < 57 or raw[0] != _FERNET_VERSION:
        raise Unfoldable
    if not hmac.compare_digest(hmac.new(key[:16], raw[:-32], "sha256").digest(), raw[-32:]):
        raise Unfoldable
    return unpadded(_blocks(key[16:], raw[25:-32], raw[9:25]))


def _rc4(key: bytes, data: bytes) -> bytes:
    if not key:
        raise Unfoldable
    state = list(range(256))
    other = 0
    for place in range(256):
        other = (other + state[place] + key[place % len(key)]) & 255
        state[place], state[other] = state[other], state[place]
    first = second = 0
    made = bytearray()
    for byte in data:
        first = (first + 1) & 255
        second = (second + state[first]) & 255
        state[first], state[second] = state[second], state[first]
        made.append(byte ^ state[(state[first] + state[second]) & 255])
    return bytes(made)


# AES.


@cache
def _boxes() -> tuple[bytes, bytes]:
    """The substitution box and its inverse (FIPS 197, section 5.1.1)."""
    box = bytearray(256)
    inverse = bytearray(256)
    one = other = 1
    while True:
        one ^= (one << 1) ^ (0x11B if one & 0x80 else 0)
        one &= 0xFF
        other ^= other << 1
        other ^= other << 2
        other ^= other << 4
        other &= 0xFF
        other ^= 0x09 if other & 0x80 else 0
        turned = other
        for shift in (1, 2, 3, 4):
            turned ^= ((other << shift) | (other >> (8 - shift))) & 0xFF
        box[one] = turned ^ 0x63
        if one == 1:
            break
    box[0] = 0x63
    for place, byte in enumerate(box):
        inverse[byte] = place
    return bytes(box), bytes(inverse)


def _times(byte: int, factor: int) -> int:
    made = 0
    while factor:
        if factor & 1:
            made ^= byte
        byte = (byte << 1) ^ (0x11B if byte & 0x80 else 0)
        factor >>= 1
    return made


@cache
def _tables(*, inverse: bool) -> tuple[list[int], ...]:
    """Four tables of words: substitution and column mixing in one look-up, for each row."""
    box = _boxes()[inverse]
    factors = (14, 9, 13, 11) if inverse else (2, 1, 1, 3)
    words = [int.from_bytes(bytes(_times(byte, factor) for factor in factors), "big") for byte in box]
    return tuple(
        [(word >> shift | word << (32 - shift)) & 0xFFFFFFFF for word in words] for shift in (0, 8, 16, 24)
    )


def _expanded(key: bytes) -> list[int]:
    """The key schedule (FIPS 197, section 5.2)."""
    if len(key) not in {16, 24, 32}:
        raise Unfoldable
    box, count = _boxes()[0], len(key) // 4
    words = list(struct.unpack(f">{count}I", key))
    round_byte = 1
    while len(words) < 4 * (count + 7):
        word = words[-1]
        if len(words) % count == 0:
            word = (word << 8 | word >> 24) & 0xFFFFFFFF
            word = (
                int.from_bytes(bytes(box[byte] for byte in word.to_bytes(4, "big")), "big") ^ round_byte << 24
            )
            round_byte = _times(round_byte, 2)
        elif count == 8 and len(words) % count == 4:
            word = int.from_bytes(bytes(box[byte] for byte in word.to_bytes(4, "big")), "big")
        words.append(words[-count] ^ word)
    return words


def _inverted(words: list[int]) -> list[int]:
    """The key schedule of the equivalent inverse cipher (FIPS 197, section 5.3.5)."""
    box = _boxes()[0]
    mixed = _tables(inverse=True)
    rounds = [words[place : place + 4] for place in range(0, len(words), 4)][::-1]
    made = list(rounds[0])
    for one in rounds[1:-1]:
        for word in one:
            parts = word.to_bytes(4, "big")
            made.append(
                mixed[0][box[parts[0]]]
                ^ mixed[1][box[parts[1]]]
                ^ mixed[2][box[parts[2]]]
                ^ mixed[3][box[parts[3]]]
            )
    return made + rounds[-1]


def _rounds(words: list[int], blocks: Iterable[_Words], *, inverse: bool) -> Iterator[bytes]:
    """Blocks through the cipher, one after the other; `inverse` undoes it."""
    first, second, third, fourth = _tables(inverse=inverse)
    box = _boxes()[inverse]
    # The rows are shifted to the other side in the inverse: of the word after this one it takes the fourth byte.
    after, high, before, low = (fourth, 0, second, 16) if inverse else (second, 16, fourth, 0)
    start, middle, end = words[:4], range(4, len(words) - 4, 4), words[-4:]
    for block in blocks:
        a, b, c, d = (part ^ word for part, word in zip(block, start, strict=True))
        for n in middle:
            a, b, c, d = (
                first[a >> 24]
                ^ after[b >> high & 255]
                ^ third[c >> 8 & 255]
                ^ before[d >> low & 255]
                ^ words[n],
                first[b >> 24]
                ^ after[c >> high & 255]
                ^ third[d >> 8 & 255]
                ^ before[a >> low & 255]
                ^ words[n + 1],
                first[c >> 24]
                ^ after[d >> high & 255]
                ^ third[a >> 8 & 255]
                ^ before[b >> low & 255]
                ^ words[n + 2],
                first[d >> 24]
                ^ after[a >> high & 255]
                ^ third[b >> 8 & 255]
                ^ before[c >> low & 255]
                ^ words[n + 3],
            )
        rows = ((a, b, c, d), (b, c, d, a), (c, d, a, b), (d, a, b, c))
        yield struct.pack(
            ">4I",
            *(
                (
                    box[row[0] >> 24] << 24
                    | box[row[1] >> high & 255] << high
                    | box[row[2] >> 8 & 255] << 8
                    | box[row[3] >> low & 255] << low
                )
                ^ word
                for row, word in zip(rows, end, strict=True)
            ),
        )


def _blocks(key: bytes, data: bytes, start: bytes | None) -> bytes:
    """ECB, or CBC where there is a `start`."""
    if len(data) % _BLOCK or (start is not None and len(start) != _BLOCK):
        raise Unfoldable
    words = _inverted(_expanded(key))
    made = b"".join(_rounds(words, struct.iter_unpack(">4I", data), inverse=True))
    return made if start is None else _xored(made, (start + data)[: len(data)])


def _counted(cipher: Cipher, data: bytes) -> bytes:
    """CTR, and GCM without a look at its tag."""
    words = _expanded(cipher.key)
    stream = b"".join(_rounds(words, _counters(cipher, len(data)), inverse=False))
    return _xored(data, stream[: len(data)])


def _counters(cipher: Cipher, size: int) -> Iterator[_Words]:
    length = _BLOCK - len(cipher.start)
    if length < 0 or (cipher.mode == "gcm" and length != 4):
        raise Unfoldable
    begin = int.from_bytes(cipher.start + (2 if cipher.mode == "gcm" else 0).to_bytes(length, "big"), "big")
    for place in range(-(-size // _BLOCK)):
        yield struct.unpack(">4I", ((begin + place) % (1 << 128)).to_bytes(_BLOCK, "big"))


def _xored(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).to_bytes(len(one), "big")
