"""RECORD against the wheel."""

from __future__ import annotations

import pytest

from stockade import limits
from stockade.analyse.unpack.facts import Odd
from tests.analyse.unpack.support import as_wheel, details, limit_gaps, odds
from tests.support.archives import core_metadata, record_hash, wheel, zip_of

INFO = "demo-1.0.dist-info"
A = b"a = 1\n"
META = core_metadata("demo", "1.0")


def wheel_with(record: str, **more: bytes) -> bytes:
    """A wheel of one module whose RECORD is `record` after the lines for METADATA and RECORD itself."""
    files = {"demo.py": A, f"{INFO}/METADATA": META}
    head = f"{INFO}/METADATA,{record_hash(META)},{len(META)}\n{INFO}/RECORD,,\n"
    files |= {f"{INFO}/{name}": data for name, data in more.items()}
    return zip_of({**files, f"{INFO}/RECORD": head + record})


def test_a_right_record_and_one_with_crlf_and_quotes() -> None:
    assert as_wheel(wheel_with(f"demo.py,{record_hash(A)},{len(A)}\n")).oddities == ()
    assert as_wheel(wheel_with(f'"demo.py",{record_hash(A)}==,\r\n\r\n')).oddities == ()


@pytest.mark.parametrize(
    ("record", "odd", "word"),
    [
        ("", Odd.RECORD_UNLISTED, "does not list it"),
        (f"demo.py,{record_hash(b'other')},{len(A)}", Odd.RECORD_MISMATCH, "its digest is not"),
        (f"demo.py,{record_hash(A)},7", Odd.RECORD_MISMATCH, "gives its size as 7, it is 6"),
        ("demo.py,,", Odd.RECORD_MISMATCH, "no digest"),
        ("demo.py", Odd.RECORD_MISMATCH, "no digest"),
        ("demo.py,md5=abc,6", Odd.RECORD_MISMATCH, "not checked (md5)"),
        ("demo.py,sha256=*,6", Odd.RECORD_MISMATCH, "its digest is not"),
        ("demo.py,sha256=aaaaa,6", Odd.RECORD_MISMATCH, "its digest is not"),
        (f"demo.py,{record_hash(A)},6\ndemo.py,{record_hash(b'x')},1", Odd.RECORD_MISMATCH, "twice"),
    ],
)
def test_what_disagrees(record: str, odd: Odd, word: str) -> None:
    opened = as_wheel(wheel_with(record))
    assert odds(opened) == {(odd, "demo.py")}
    assert word in details(opened, odd)[0]


def test_listed_and_missing() -> None:
    opened = as_wheel(wheel_with(f"demo.py,{record_hash(A)},6\ngone.py,{record_hash(A)},6"))
    assert odds(opened) == {(Odd.RECORD_MISSING, "gone.py")}


def test_a_duplicate_that_only_one_reader_sees_is_compared_too() -> None:
    opened = as_wheel(wheel("demo", "1.0", {"demo.py": "1"}))
    assert opened.oddities == ()


def test_signatures_are_exempt() -> None:
    signed = wheel_with(f"demo.py,{record_hash(A)},6", **{"RECORD.jws": b"{}", "RECORD.p7s": b"x"})
    assert as_wheel(signed).oddities == ()


def test_no_record_or_one_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = as_wheel(zip_of({"demo.py": A, f"{INFO}/METADATA": META}))
    assert odds(opened) == {(Odd.RECORD_MISSING, f"{INFO}/RECORD")}
    opened = as_wheel(wheel_with(f'demo.py,{record_hash(A)},6\n"{"x" * 200_000}"'))
    assert (Odd.RECORD_MISMATCH, f"{INFO}/RECORD") in odds(opened)
    monkeypatch.setattr(limits, "MAX_RECORD", 20)
    assert limit_gaps(as_wheel(wheel_with("")))[0][0] == f"{INFO}/RECORD"
