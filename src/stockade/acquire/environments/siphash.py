"""The keyed hash of a source that a compiled file bears (PEP 552): SipHash (Aumasson and Bernstein, 2012)."""

from __future__ import annotations

import _imp

_MASK = (1 << 64) - 1
#: Magic numbers of CPython from 3.11 on, which does with half the rounds. PyPy's are small.
_FEWER_ROUNDS = range(3450, 20_000)


def is_quick(key: int) -> bool:
    """Whether our own interpreter hashes as those of the magic number `key` do."""
    return key & 0xFFFF in _FEWER_ROUNDS


def source_hash(key: int, data: bytes) -> bytes:
    """The hash of the source `data` by interpreters with the magic number `key`: 8 bytes.

    That of older ones takes some 0.4 s a megabyte here.
    """
    if is_quick(key):
        # importlib.util's function of that name has only the key of the interpreter that runs it.
        return _imp.source_hash(key, data)
    return _siphash(key, data, 2, 4)


def _siphash(key: int, data: bytes, rounds: int, last: int) -> bytes:
    state = (key ^ 0x736F6D6570736575, 0x646F72616E646F6D, key ^ 0x6C7967656E657261, 0x7465646279746573)
    whole = len(data) - len(data) % 8
    for at in range(0, whole, 8):
        state = _block(state, int.from_bytes(data[at : at + 8], "little"), rounds)
    tail = int.from_bytes(data[whole:], "little") | (len(data) & 0xFF) << 56
    v0, v1, v2, v3 = _block(state, tail, rounds)
    v2 ^= 0xFF
    for _ in range(last):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
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
