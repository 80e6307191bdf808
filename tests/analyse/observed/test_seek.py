"""A marker is found whatever it is disguised as; nothing else ever is."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import json
import random
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.analyse.observed.seek import sought
from stockade.model.observation import Decoy, Exchange
from tests.support.disguises import (
    DECOY,
    EVERY,
    MARKER,
    among,
    get,
    lookup,
    post,
    raw,
    xor,
)

OTHER = Decoy(marker=b"an entirely other secret 0123456789", where="OTHER", what="other secret")


def hows(*exchanges: Exchange) -> list[str]:
    """How the marker was disguised, in each exchange that carried it."""
    carried, gaps = sought((OTHER, DECOY), exchanges)
    assert not gaps
    assert all(one.decoy is DECOY for one in carried)
    return [one.how for one in carried]


@pytest.mark.parametrize("name", EVERY)
def test_each_disguise_is_seen_through(name: str) -> None:
    assert len(hows(post(EVERY[name](MARKER)))) == 1
    assert len(hows(raw(b"prefix:" + EVERY[name](among(MARKER)) + b";suffix"))) == 1


@pytest.mark.parametrize("before", range(3))
@pytest.mark.parametrize("around", ["", "k=", "abc", "path/x"])
def test_base64_is_seen_through_wherever_it_begins(before: int, around: str) -> None:
    coded = base64.b64encode(b"\xff" * before + MARKER + b"\xfe\xfd")
    assert hows(post(around.encode() + coded)) == ["base64"]


@pytest.mark.parametrize(
    ("body", "how"),
    [
        (MARKER, ""),
        (base64.b64encode(gzip.compress(json.dumps({"a": MARKER.decode()}).encode())), "base64, gzip"),
        (xor(0x21)(base64.b64encode(MARKER)), "XOR, base64"),
        (base64.b64encode(xor(0xC3)(MARKER)), "base64, XOR"),
        (binascii.hexlify(MARKER)[::-1], "reversed, hex"),
        (base64.b64encode(MARKER)[::-1], "reversed, base64"),
        (base64.b64encode(MARKER[::-1]), "base64, reversed"),
        (xor(0x99)(gzip.compress(MARKER)), "XOR, gzip"),
        (gzip.compress(MARKER)[::-1], "reversed, gzip"),
        (zlib.compress(MARKER), "zlib"),
        (zlib.compress(MARKER, wbits=-15), "deflate"),
    ],
    ids=lambda told: told or "plain" if isinstance(told, str) else "",
)
def test_how_is_told_from_outside_to_inside(body: bytes, how: str) -> None:
    assert hows(post(body)) == [how]


@pytest.mark.parametrize("key", [1, 0x20, 0x7F, 0x80, 0xFF])
def test_any_byte_may_mask_it(key: int) -> None:
    assert hows(raw(b"\0\1" + xor(key)(among(MARKER)))) == ["XOR"]
    assert hows(raw(xor(key)(base64.b64encode(among(MARKER))))) == ["XOR, base64"]
    assert hows(post(xor(key)(binascii.hexlify(MARKER)))) == ["XOR, hex"]
    assert hows(post(base64.b64encode(xor(key)(gzip.compress(MARKER))))) == ["base64, XOR, gzip"]


def test_compressed_data_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    packed = gzip.compress(MARKER + binascii.hexlify(random.Random(7).randbytes(5000)))
    assert hows(post(packed[:2000])) == ["gzip"]


def chunks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def test_pieces_of_it_are_put_together() -> None:
    parts = chunks(MARKER, 9)
    assert hows(*(post(part) for part in parts)) == ["split over 5 messages"]
    assert hows(*(raw(part) for part in parts)) == ["split over 5 messages"]
    hexed = chunks(binascii.hexlify(MARKER).decode().encode(), 10)
    assert hows(*(get(f"/c/{number}/{part.decode()}") for number, part in enumerate(hexed))) == [
        "split over 8 messages, hex"
    ]
    coded = chunks(base64.urlsafe_b64encode(gzip.compress(MARKER)), 11)
    queries = [get(f"/c?n={number}&d={part.decode()}") for number, part in enumerate(coded)]
    assert hows(*queries) == [f"split over {len(queries)} messages, base64, gzip"]
    assert hows(*(get("/", headers=f"Cookie: {part.decode()}\r\n") for part in parts)) == [
        "split over 5 messages"
    ]
    assert hows(*(post(json.dumps({"i": 1, "p": part.decode()}).encode()) for part in parts)) == [
        "split over 5 messages"
    ]


def test_pieces_are_put_in_the_order_of_the_numbers_beside_them() -> None:
    parts = list(enumerate(chunks(binascii.hexlify(MARKER), 10)))
    random.Random(3).shuffle(parts)
    assert hows(*(get(f"/c?n={number}&d={part.decode()}") for number, part in parts)) == [
        "split over 8 messages, hex"
    ]
    names = [b"%d-%s.collect.invalid" % (number, part) for number, part in parts]
    assert hows(*map(lookup, names)) == ["split over 8 names, hex"]
    names = [b"%s.%d.x.collect.invalid" % (part, number) for number, part in parts]
    assert hows(*map(lookup, names)) == ["split over 8 names, hex"]
    assert hows(*(raw(b"%d|%s" % (number, part)) for number, part in parts)) == ["split over 8 messages, hex"]


def test_labels_of_names_carry_it() -> None:
    coded = base64.b32encode(MARKER).rstrip(b"=").lower()
    assert hows(lookup(coded[:60] + b"." + coded[60:] + b".collect.invalid")) == ["split over labels, base32"]
    names = [part + b".x.collect.invalid" for part in chunks(binascii.hexlify(MARKER), 16)]
    doubled = [lookup(name) for name in names for _ in range(2)]  # the resolver asks twice
    assert hows(*doubled) == ["split over 10 names, hex"]


def test_what_one_message_carried_whole_was_not_split() -> None:
    assert hows(post(b"k=" + MARKER), post(b"k=nothing"), post(b"k=more")) == [""]
    assert hows(post(b"k=nothing"), post(base64.b64encode(MARKER)), post(b"k=more")) == ["base64"]


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_composition_is_seen_through(data: st.DataObject) -> None:
    """Up to four disguises, one in another, of which at most one masks bytes, and one turns them round."""
    names = data.draw(st.lists(st.sampled_from(sorted(EVERY)), min_size=1, max_size=4))
    once = {"XOR", "reversed"}
    names = [name for number, name in enumerate(names) if name not in once or name not in names[:number]]
    key = data.draw(st.integers(128, 255))  # smaller ones: see test_any_byte_may_mask_it
    held = data.draw(st.binary(max_size=7)) + MARKER + data.draw(st.binary(max_size=7))
    for name in names:
        held = xor(key)(held) if name == "XOR" else EVERY[name](held)
    assert hows(post(held)), names


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.lists(st.binary(max_size=4000) | st.text(max_size=2000).map(lambda text: text.encode()), max_size=6),
    st.lists(st.sampled_from(sorted(EVERY)), max_size=3),
)
def test_nothing_else_is_ever_taken_for_it(bodies: list[bytes], names: list[str]) -> None:
    exchanges = []
    for body in bodies:
        for name in names:
            body = EVERY[name](body)
        exchanges += [post(body), raw(body)]
    carried, _ = sought((DECOY, OTHER), exchanges)
    assert carried == ()


def test_a_part_of_it_is_not_it() -> None:
    assert hows(post(MARKER[:-1]), raw(MARKER[1:])) == []


def test_bombs_and_floods_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SOUGHT_LAYER", 1 << 20)
    monkeypatch.setattr(limits, "MAX_SOUGHT", 20 << 20)
    bombs = [pack(pack(bytes(60 << 20))) for pack in (gzip.compress, zlib.compress, bz2.compress)]
    carried, gaps = sought((DECOY,), [*map(post, bombs), post(MARKER)])
    assert [one.how for one in carried] == [""]
    monkeypatch.setattr(limits, "MAX_SOUGHT", 100_000)
    flood = [post(random.Random(seed).randbytes(90_000)) for seed in range(3)]
    carried, gaps = sought((DECOY,), [*flood, post(MARKER)])
    assert [one.how for one in carried] == [""]
    assert [gap.why for gap in gaps] == [
        "more was sent, in more disguises, than is looked through for decoys"
    ]
