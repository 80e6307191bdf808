"""What this machine has seen, and what is made of a ledger that cannot be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stockade.model.project import ProjectName
from stockade.remember.ledger import NAME, Ledger

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DEMO = ProjectName("demo")
INDEX = "https://index.example/simple/"


@pytest.fixture
def notes() -> list[str]:
    return []


def opened(folder: Path, notes: list[str]) -> Ledger:
    return Ledger(folder, note=notes.append)


def test_only_what_appears_later_has_a_time(tmp_path: Path, notes: list[str]) -> None:
    ledger = opened(tmp_path, notes)
    assert ledger.first_seen(INDEX, DEMO, ["1", "2"], NOW) == {}
    later = NOW + timedelta(days=1)
    assert ledger.first_seen(INDEX, DEMO, ["1", "2", "3"], later) == {"3": later}
    ledger.close()
    again = opened(tmp_path, notes)
    assert again.first_seen(INDEX, DEMO, ["3"], later + timedelta(days=9)) == {"3": later}
    assert again.first_seen("https://other.example/", DEMO, ["3"], later) == {}
    again.close()
    assert notes == []
    assert (tmp_path / NAME).stat().st_mode & 0o077 == 0


def test_owners_are_those_of_the_last_time_and_a_whole_change_is_told_for_a_season(
    tmp_path: Path, notes: list[str]
) -> None:
    ledger = opened(tmp_path, notes)
    assert ledger.owners(INDEX, DEMO, ("ada",), NOW) is None
    assert ledger.owners(INDEX, DEMO, ("ada", "bob"), NOW) == ("ada",)
    for days in (1, 2, 89, 95):
        assert ledger.owners(INDEX, DEMO, ("mallory",), NOW + timedelta(days=days)) == ("ada", "bob")
    assert ledger.owners(INDEX, DEMO, ("mallory",), NOW + timedelta(days=96)) == ("mallory",)
    ledger.close()


def test_a_damaged_ledger_is_reported_once_and_left_alone(tmp_path: Path, notes: list[str]) -> None:
    (tmp_path / NAME).write_bytes(b"no database at all" * 100)
    ledger = opened(tmp_path, notes)
    assert ledger.first_seen(INDEX, DEMO, ["1"], NOW) == {}
    assert ledger.owners(INDEX, DEMO, ("ada",), NOW) is None
    assert len(notes) == 1
    assert "Working without the ledger" in notes[0]
    assert (tmp_path / NAME).read_bytes().startswith(b"no database")


def test_a_folder_that_cannot_be_made(tmp_path: Path, notes: list[str]) -> None:
    (tmp_path / "file").write_text("")
    ledger = opened(tmp_path / "file" / "below", notes)
    assert ledger.first_seen(INDEX, DEMO, ["1"], NOW) == {}
    assert len(notes) == 1
