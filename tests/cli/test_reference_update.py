"""``stockade reference update``: new counts, used from then on; a bad list changes nothing."""

from __future__ import annotations

import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stockade.acquire.reference import popular
from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def data(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Set after `run`, which forgets what the machine has set."""
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def rows(more: dict[str, int], best: int = 3_000) -> str:
    counts: dict[str, int] = {**more}
    counts |= {str(name): count for name, count in list(popular().items())[:best]}
    listed = [{"project": name, "download_count": count} for name, count in counts.items()]
    return json.dumps({"last_update": "2030-05-02", "rows": listed})


def test_new_counts_are_used_from_then_on(run: Run, data: Path) -> None:
    Path("list.json").write_text(rows({"parrot-cage": 300_000_000}))
    ran = run("reference", "update", "--from", "list.json")
    assert ran.code == 0, ran.err
    assert "3,001 names of May 2030 (1 of them new)" in ran.out
    assert os.listdir(data) == ["names.bin"]
    (line,) = run("who", "--offline", "--format", "json", "parrot-cgae").out.splitlines()
    told = json.loads(line)
    assert (told["lookalikes"][0]["target"], told["as_of"]) == ("parrot-cage", "May 2030")
    assert "300,000,000 a month (May 2030)" in run("who", "--offline", "parrot-cage").out


def test_the_policy_may_say_where_from_and_a_person_of_when(run: Run) -> None:
    Path("list.json").write_text(rows({}))
    Path("stockade.toml").write_text('[reference]\ncounts = "list.json"\n')
    ran = run("reference", "update", "--month", "June 2031")
    assert ran.code == 0, ran.err
    assert "June 2031" in ran.out


@pytest.fixture
def address() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            good = self.path == "/list.json"
            self.send_response(200 if good else 404)
            self.end_headers()
            self.wfile.write(rows({}).encode() if good else b"")

        def log_message(self, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_from_an_address(run: Run, address: str) -> None:
    ran = run("reference", "update", "--from", f"{address}/list.json")
    assert ran.code == 0, ran.err


def test_an_address_that_has_none(run: Run, address: str, data: Path) -> None:
    ran = run("reference", "update", "--from", f"{address}/other")
    assert ran.code == 3
    assert "answers 404" in ran.err
    assert not data.exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "name a source"),
        (("--from", "none.json"), 3, "there is no file"),
        (("--from", "list.json", "--month", "x" * 30), 2, "--month"),
        (("--from", "list.json", "--month", "a\x1bb"), 2, "--month"),
        (("--from", "poor.json"), 1, "it has 0 of the 100 best known"),
        (("--from", "odd.json"), 1, "neither CSV nor JSON"),
    ],
)
def test_a_bad_list_changes_nothing(
    run: Run, data: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    Path("list.json").write_text(rows({}))
    poor = [{"project": f"parrot-{number}", "download_count": 5} for number in range(1_000)]
    Path("poor.json").write_text(json.dumps(poor))
    Path("odd.json").write_text("{")
    ran = run("reference", "update", *words)
    assert ran.code == code
    assert said in ran.err
    assert not data.exists()


def test_a_damaged_table_is_said_and_the_one_that_ships_is_used(run: Run, data: Path) -> None:
    data.mkdir()
    (data / "names.bin").write_bytes(b"STOCKNAM" + bytes(500))
    ran = run("who", "--offline", "requests")
    assert ran.code == 0
    assert "is not used" in ran.err
    assert "April 2026" in ran.out


def test_a_folder_that_cannot_be_written(run: Run, data: Path) -> None:
    data.write_text("a file")
    Path("list.json").write_text(rows({}))
    ran = run("reference", "update", "--from", "list.json")
    assert ran.code == 1
    assert "cannot be written" in ran.err
