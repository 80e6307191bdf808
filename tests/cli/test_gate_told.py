"""`stockade gate`: what was decided, what is condemned and who got it, and the bytes for whoever studies them."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stockade.model.project import Digest
from stockade.model.record import Condemnation, Decided, Delivery
from stockade.remember.durable.store import Durable
from stockade.remember.quarantine import Quarantine
from tests.cli.conftest import Run

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
DATA = b"bytes that nobody should run"
SHA = Digest("e6c3ab2a51d7c1a9c4a8c8a47b1d7a9b5a6e32c5c7b1fd10a1bd24f2d5b1c0aa")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(folder))
    return folder


def filled(data: Path, store: str | Path, sha256: Digest = SHA) -> None:
    data.mkdir(mode=0o700, exist_ok=True)
    with Durable(store, note=print) as durable:
        for number, action in enumerate(("allow", "block")):
            durable.record(
                Decided(
                    at=AT.replace(hour=12 + number),
                    action=action,
                    project="evil",
                    filename=f"evil-{number}.whl",
                    reason="it shouts \x1b[31m",
                    client="10.0.0.9",
                )
            ).result()
        delivery = Delivery(
            at=AT, sha256=sha256, filename="evil-1.whl", project="evil", client="10.0.0.7", agent="pip/26.0"
        )
        assert durable.delivered(delivery).result()
        durable.condemn(
            Condemnation(at=AT, sha256=sha256, filename="evil-1.whl", project="evil", reason="it shouts")
        )


def test_where_no_gate_ran_nothing_is_made(run: Run, data: Path) -> None:
    for what in ("decisions", "condemned"):
        ran = run("gate", what)
        assert ran.code == 3
        assert "no gate has written anything down here" in ran.err
    assert not data.exists()


def test_decisions_the_newest_first(run: Run, data: Path) -> None:
    filled(data, data / "gate-1.sqlite3")
    ran = run("gate", "decisions")
    assert ran.code == 0
    first, second = ran.out.splitlines()
    assert first.startswith("2026-11-24 13:00:00 UTC  block         evil-1.whl to 10.0.0.9: it shouts ")
    assert second.startswith("2026-11-24 12:00:00 UTC  allow         evil-0.whl")
    assert "\x1b" not in ran.out
    assert run("gate", "decisions", "--count", "1").out.splitlines() == [first]


def test_what_is_condemned_and_who_got_it(run: Run, data: Path, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/shared.sqlite3"
    filled(data, store)
    ran = run("gate", "condemned", "--store", store)
    assert ran.out.splitlines() == [
        "2026-11-24 12:00:00 UTC  evil-1.whl: it shouts",
        f"  sha256 {SHA}",
        "  10.0.0.7 got it on 2026-11-24 12:00:00 UTC, with pip/26.0",
    ]
    assert run("gate", "condemned", SHA.upper(), "--store", store).out == ran.out
    other = run("gate", "condemned", "0" * 64, "--store", store)
    assert (other.code, other.out) == (0, "")
    assert "that file is not condemned" in other.err


def test_condemned_bytes_come_back_for_study_and_can_be_deleted(run: Run, data: Path, tmp_path: Path) -> None:
    source, back = tmp_path / "source", tmp_path / "back.bin"
    source.write_bytes(DATA)
    sha256 = Digest(hashlib.sha256(DATA).hexdigest())
    data.mkdir(mode=0o700)
    Quarantine(data / "quarantine").hold(source, sha256)
    ran = run("gate", "restore", sha256, back)
    assert ran.code == 0 and "install nothing of it" in ran.err
    assert back.read_bytes() == DATA
    assert os.stat(back).st_mode & 0o777 == 0o600
    ran = run("gate", "restore", sha256, back)
    assert ran.code == 1 and "File exists" in ran.err
    assert run("gate", "drop", sha256).code == 0
    for words in (("drop", sha256), ("restore", sha256, tmp_path / "again")):
        ran = run("gate", *words)
        assert ran.code == 3 and "holds no file with the digest" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("restore",),
        ("restore", "0" * 64),
        ("drop",),
        ("drop", "0" * 64, "file"),
        ("drop", "nonsense"),
        ("decisions", "0" * 64),
        ("condemned", "0" * 64, "file"),
        ("condemned", "--count", "0"),
        ("nothing",),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(run: Run, data: Path, words: tuple[str, ...]) -> None:
    assert run("gate", *words).code == 2
    assert not data.exists()
