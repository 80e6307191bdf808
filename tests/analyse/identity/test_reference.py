"""The reference file: what goes in comes out, and what is damaged or hostile is refused with a reason."""

from __future__ import annotations

import random
import struct

import pytest

from stockade.analyse.identity.reference import MAX_OWNERS, Known, Project, Reference, written
from stockade.analyse.identity.shape import SCHEME
from stockade.errors import BadReference


def project(name: str, *hashes: int) -> Known:
    return Known(project=Project(name=name, versions=("1.0",), size=10), hashes=frozenset(hashes))


def opened(*known: Known) -> Reference:
    return Reference(memoryview(written(known)))


def test_each_hash_has_its_owners() -> None:
    found = opened(project("one", 1, 5, 9), project("two", 5, 2**64 - 1), project("three"))
    by_name = found.by_name

    assert [one.name for one in found.projects] == ["one", "three", "two"]
    assert found.owners(1) == (by_name["one"],)
    assert found.owners(5) == (by_name["one"], by_name["two"])
    assert found.owners(2**64 - 1) == (by_name["two"],)
    assert found.owners(0) == found.owners(6) == ()
    assert len(found) == 4
    assert len(found.digest) == 32


def test_what_too_many_have_is_nobodys() -> None:
    several = [project(f"p{n}", 7) for n in range(MAX_OWNERS)]

    assert len(opened(*several).owners(7) or ()) == MAX_OWNERS
    assert opened(*several, project("last", 7)).owners(7) is None


def test_the_order_of_projects_changes_nothing() -> None:
    assert written((project("a", 1), project("b", 2))) == written((project("b", 2), project("a", 1)))


def test_many_projects_take_wider_columns() -> None:
    random.seed(1)
    pairs = [(random.randrange(600), random.randrange(600)) for _ in range(70_000)]
    hashes: dict[int, set[int]] = {n: set() for n in range(600)}
    for value, (one, other) in enumerate(pairs):
        hashes[one].add(value)
        hashes[other].add(value)
    found = opened(*(project(f"p{n:03}", *values) for n, values in hashes.items()))

    assert all(found.owners(value) == tuple(sorted({*pair})) for value, pair in enumerate(pairs))


def test_an_empty_reference_knows_nothing() -> None:
    assert opened().owners(1) == ()


WHOLE = written((project("one", 1, 5), project("two", 5, 6)))


def changed(at: int, value: bytes) -> bytes:
    return WHOLE[:at] + value + WHOLE[at + len(value) :]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no reference"),
        (b"STOCKREF", "no reference"),
        (b"<!DOCTYPE html>" * 20, "no reference"),
        (changed(8, struct.pack("<H", 99)), "another version"),
        (changed(10, struct.pack("<H", SCHEME + 1)), "another version"),
        (WHOLE[:-8], "not as long"),
        (WHOLE + b"\0" * 8, "not as long"),
        (changed(12, struct.pack("<I", 3)), "not as long"),
        (changed(16, struct.pack("<Q", 2**63)), "not as long"),
        (changed(70, b"\xff"), "checksum"),
        (changed(len(WHOLE) - 20, b"\xff"), "checksum"),
    ],
)
def test_what_is_damaged_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(BadReference, match=why) as caught:
        Reference(memoryview(data))
    assert "stockade reference build" in caught.value.hint


def test_whoever_makes_the_checksum_right_gets_answers_and_no_crash() -> None:
    """A hostile file may lie; it may not take anything down."""
    from hashlib import blake2b

    random.seed(2)
    for _ in range(2000):
        at = random.randrange(64, len(WHOLE))
        data = changed(at, bytes((random.randrange(256),)))
        check = blake2b(data[64:], digest_size=16).digest()
        data = data[:48] + check + data[64:]
        try:
            found = Reference(memoryview(data))
        except BadReference:
            continue
        for value in (1, 5, 6, 2**64 - 1):
            owners = found.owners(value)
            assert owners is None or all(0 <= one < len(found.projects) for one in owners)
