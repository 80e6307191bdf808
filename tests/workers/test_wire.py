"""What a worker may send, and what is believed of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.confine import Wall
from stockade.model.artifact import Kind
from stockade.model.assessment import Findings
from stockade.model.clone import Clone, Differs
from stockade.model.evidence import Location, Step
from stockade.workers import wire
from tests.workers.making import artifact, findings, why

DIGEST = "ab" * 32


def travelled(steps: int, excerpt: str = "") -> Findings:
    """Findings with a value that takes so many steps."""
    made = findings(DIGEST, excerpt=excerpt)
    step = Step(where=Location(file="a.py", line=1), what="is kept", artifact="b.whl")
    return replace(made, evidence=tuple(replace(one, path=(step,) * steps) for one in made.evidence))


def test_findings_come_back_as_they_were() -> None:
    sent = travelled(limits.MAX_STEPS, excerpt="naïve ☃")

    assert wire.unpack(wire.pack(sent), DIGEST) == sent


def copied(share: float, differs: int = 1) -> Clone:
    one = Differs(file="a.py", first=1, last=2)
    return Clone(
        where="a", project="b", versions=("1",), share=share, known=1, functions=2, differs=(one,) * differs
    )


def test_what_an_artifact_is_a_copy_of_comes_through() -> None:
    sent = replace(findings(DIGEST), clone=copied(0.98), extra=b"\xff\0")

    assert wire.unpack(wire.pack(sent), DIGEST) == sent


def test_lone_surrogates_are_spelled_out_and_lose_nothing_else() -> None:
    sent = findings(DIGEST, excerpt="a\udcffb\ud800")

    assert wire.unpack(wire.pack(sent), DIGEST) == findings(DIGEST, excerpt="a\\udcffb\\ud800")


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"", "sent a result that makes no sense"),
        (b"garbage", "sent a result that makes no sense"),
        (b"\x91" * 100_000, "sent a result that makes no sense"),
        (
            msgspec.msgpack.encode({"sha256": DIGEST, "project": 5, "version": ""}),
            "sent a result that makes no sense",
        ),
        (msgspec.msgpack.encode({"sha256": DIGEST, "project": ""}), "sent a result that makes no sense"),
        (wire.pack(findings("cd" * 32)), "sent a result about other bytes"),
        (wire.pack(replace(findings(DIGEST), seconds=float("nan"))), "sent a result outside its bounds"),
        (wire.pack(replace(findings(DIGEST), source_bytes=-1)), "sent a result outside its bounds"),
        (
            wire.pack(findings(DIGEST, excerpt="x" * (limits.MAX_EXCERPT + 1))),
            "sent a result outside its bounds",
        ),
        (
            wire.pack(
                replace(findings(DIGEST), evidence=findings(DIGEST).evidence * (limits.MAX_EVIDENCE + 1))
            ),
            "sent a result outside its bounds",
        ),
        (wire.pack(travelled(limits.MAX_STEPS + 1)), "sent a result outside its bounds"),
        (wire.pack(replace(findings(DIGEST), clone=copied(1.01))), "sent a result outside its bounds"),
        (
            wire.pack(replace(findings(DIGEST), clone=copied(float("nan")))),
            "sent a result outside its bounds",
        ),
        (
            wire.pack(replace(findings(DIGEST), clone=copied(1, limits.MAX_DIFFERS + 1))),
            "sent a result outside its bounds",
        ),
    ],
)
def test_what_is_not_believed(raw: bytes, complaint: str) -> None:
    with pytest.raises(wire.Garbled, match=f"^{complaint}$"):
        wire.unpack(raw, DIGEST)


@settings(max_examples=60)
@given(st.binary(max_size=64), st.integers(0, 200))
def test_no_bytes_do_more_than_be_garbled(noise: bytes, at: int) -> None:
    good = wire.pack(findings(DIGEST))
    try:
        found = wire.unpack(good[:at] + noise + good[at + len(noise) :], DIGEST)
    except wire.Garbled:
        return
    assert found.sha256 == DIGEST


def test_messages_come_back_as_they_were() -> None:
    start = wire.Start(1, b"caf\xe9.whl", Kind.WHEEL, DIGEST, 5, 1.5)
    ready = wire.Ready((Wall("seccomp", up=False, why="old"),))

    assert wire.decode_request(wire.encode(start)) == start
    assert wire.decode_request(wire.encode(wire.Cancel(2))) == wire.Cancel(2)
    assert wire.decode_reply(wire.encode(ready)) == ready
    assert wire.decode_reply(wire.encode(wire.Ended(3, -9, late=True))) == wire.Ended(3, -9, late=True)
    with pytest.raises(msgspec.ValidationError):
        wire.decode_request(wire.encode(ready))


def test_an_artifact_without_findings_is_unfinished(tmp_path: Path) -> None:
    found = wire.unanalysed(artifact(tmp_path), "crashed")

    assert why(found) == "crashed"
    assert not wire.finished(found)
    assert wire.finished(findings(DIGEST))
