"""What a page was read as counts for exactly those bytes, and for nobody else's word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.index.json_page import read_json
from stockade.acquire.index.listing import Listing
from stockade.acquire.index.listing_cache import Page
from stockade.acquire.index.parsed import ParsedPages
from stockade.model.project import ProjectName

DEMO, LABEL = ProjectName("demo"), "index.example"
BODY = b"""{"name": "demo", "project-status": {"status": "archived", "reason": "done"}, "files": [
 {"filename": "demo-1.0-py3-none-any.whl", "url": "https://files.example/demo-1.0-py3-none-any.whl", "size": 3,
  "hashes": {"sha256": "%s"}, "upload-time": "2024-01-02T03:04:05.6Z", "yanked": "broken", "requires-python": ">=3.8",
  "core-metadata": true, "provenance": "https://index.example/integrity"},
 {"filename": "demo-2.0.tar.gz", "url": "https://files.example/demo-2.0.tar.gz", "size": "much"}, 7]}""" % (
    b"a" * 64
)
PAGE = Page(url="https://index.example/demo/", address="https://index.example/demo/", kind="json", body=BODY)


def read(page: Page) -> Listing:
    return read_json(page.body, DEMO, index=LABEL, page=page.address)


def test_it_comes_back_as_it_was_from_memory_and_from_the_folder(tmp_path: Path) -> None:
    pages, found = ParsedPages(tmp_path), read(PAGE)
    assert found.gaps and len(found.files) == 2
    assert pages.get(PAGE, DEMO, LABEL) is None
    pages.put(PAGE, DEMO, LABEL, found)
    assert pages.get(PAGE, DEMO, LABEL) is found
    assert ParsedPages(tmp_path).get(PAGE, DEMO, LABEL) == found
    assert [path.stat().st_mode & 0o777 for path in tmp_path.glob("*/*")] == [0o600]


@pytest.mark.parametrize(
    ("page", "name", "label"),
    [
        (replace(PAGE, body=BODY + b" "), DEMO, LABEL),
        (replace(PAGE, address="https://elsewhere.example/demo/"), DEMO, LABEL),
        (replace(PAGE, kind="html"), DEMO, LABEL),
        (PAGE, ProjectName("other"), LABEL),
        (PAGE, DEMO, "other.example"),
    ],
)
def test_it_counts_for_nothing_else(tmp_path: Path, page: Page, name: ProjectName, label: str) -> None:
    pages = ParsedPages(tmp_path)
    pages.put(PAGE, DEMO, LABEL, read(PAGE))
    assert pages.get(page, name, label) is None


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"x" + data[1:], lambda data: b""])
def test_what_is_damaged_is_as_good_as_absent(tmp_path: Path, damage: object) -> None:
    ParsedPages(tmp_path).put(PAGE, DEMO, LABEL, read(PAGE))
    (kept,) = tmp_path.glob("*/*")
    kept.write_bytes(damage(kept.read_bytes()))  # type: ignore[operator]
    assert ParsedPages(tmp_path).get(PAGE, DEMO, LABEL) is None


def test_what_is_no_listing_is_as_good_as_absent(tmp_path: Path) -> None:
    import hashlib

    ParsedPages(tmp_path).put(PAGE, DEMO, LABEL, read(PAGE))
    (kept,) = tmp_path.glob("*/*")
    kept.write_bytes(hashlib.sha256(b"\xc1").hexdigest().encode() + b"\xc1")
    assert ParsedPages(tmp_path).get(PAGE, DEMO, LABEL) is None


def test_text_that_cannot_be_written_and_a_folder_that_cannot_stay_in_memory(tmp_path: Path) -> None:
    odd = replace(read(PAGE), reason="\ud800")
    pages = ParsedPages(tmp_path)
    pages.put(PAGE, DEMO, LABEL, odd)
    assert pages.get(PAGE, DEMO, LABEL) is odd
    assert not list(tmp_path.glob("*/*"))
    (tmp_path / "file").write_text("")
    blocked = ParsedPages(tmp_path / "file")
    blocked.put(PAGE, DEMO, LABEL, odd)
    blocked.put(PAGE, ProjectName("other"), LABEL, read(PAGE))
    assert blocked.get(PAGE, DEMO, LABEL) is odd


def test_memory_and_folder_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PARSED_FILES", 3)
    pages, found = ParsedPages(tmp_path), read(PAGE)
    pages.put(PAGE, DEMO, LABEL, found)
    pages.put(PAGE, ProjectName("other"), LABEL, found)
    assert pages.get(PAGE, DEMO, LABEL) is not found  # read again from the folder
    pages.prune(0)
    assert not list(tmp_path.glob("*/*"))
    ParsedPages(tmp_path).prune(0)
