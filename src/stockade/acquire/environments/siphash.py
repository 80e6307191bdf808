"""The keyed hash of a source that a compiled file bears (PEP 552): SipHash (Aumasson and Bernstein, 2012)."""

from __future__ import annotations

_MASK = (1 << 64) - 1


def siphash(key: int, data: bytes) -> frozenset[bytes]:
    """The hashes of `data` under the magic number `key`, as interpreters up to 3.10 and from 3.11 on make them."""
    return frozenset({_siphash(key, data, 1, 3), _siphash(key, data, 2, 4)})


def _siphash(key: int, data: bytes, rounds: int, last: int) -> bytes:
    v0, v1 = key ^ 0x736F6D6570736575, 0x646F72616E646F6D
    v2, v3 = key ^ 0x6C7967656E657261, 0x7465646279746573
    state = (v0, v1, v2, v3)
    whole = len(data) - len(data) % 8
    for at in range(0, whole, 8):
        state = _block(state, int.from_bytes(data[at : at + 8], "little"), rounds)
    tail = int.from_bytes(data[whole:], "little") | (len(data) & 0xFF) << 56
    v0, v1, v2, v3 = _block(state, tail, rounds)
    for _ in range(last):
        v0, v1, v2, v3 = _round(v0, v1, v2 ^ 0xFF if _ == 0 else v2, v3)
    return (v0 ^ v1 ^ v2 ^ v3).to_bytes(8, "little")


def _block(state: tuple[int, int, int, int], word: int, rounds: int) -> tuple[int, int, int, int]:
    v0, v1, v2, v3 = state
    v3 ^= word
    for _ in range(rounds):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ word, v1, v2, v3


def _round(v0: int, v1: int, v2: int, v3: int) -> tuple[int, int, int, int]:
    v0 = v0 + v1 & _MASK
    v1 = (v1 << 13 | v1 >> 51) & _MASK ^ v0
    v0 = (v0 << 32 | v0 >> 32) & _MASK
    v2 = v2 + v3 & _MASK
    v3 = (v3 << 16 | v3 >> 48) & _MASK ^ v2
    v0 = v0 + v3 & _MASK
    v3 = (v3 << 21 | v3 >> 43) & _MASK ^ v0
    v2 = v2 + v1 & _MASK
    v1 = (v1 << 17 | v1 >> 47) & _MASK ^ v2
    v2 = (v2 << 32 | v2 >> 32) & _MASK
    return v0, v1, v2, v3
