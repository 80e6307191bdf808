"""PyPA's database is YAML: every scalar stays a text, and no document is more than it is long."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stockade.acquire.advisories import yamls
from stockade.acquire.advisories.files import in_folder
from stockade.acquire.advisories.osv import UnreadableRecord
from stockade.acquire.advisories.reading import Reading
from stockade.errors import FeedIncomplete

RECORD = """\
id: PYSEC-2021-1
modified: 2021-09-26T23:32:08.989778Z
published: '2021-07-30T22:15:00Z'
details: |
  One line of it: "quoted" & more.
  * And another.
affected:
- package:
    name: Acme
    ecosystem: PyPI
    purl: pkg:pypi/acme
  ranges:
  - type: GIT
    repo: https://git.example/acme
    events:
    - introduced: "0"
  - type: ECOSYSTEM
    events:
    - introduced: "1.10"
    - fixed: 2.0
  versions: [1.10, '1.20', 1e3]
references:
- {type: WEB, url: 'https://acme.example/'}
aliases:
- CVE-2021-1
"""


def test_without_the_library_it_says_which_extra_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence for the whole feed, and not one a record."""
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(FeedIncomplete, match="PyYAML") as caught:
        list(Reading("here").read([("a.yaml", RECORD.encode())]))
    assert "stockade[yaml]" in caught.value.hint


def test_a_checkout_of_the_database(tmp_path: Path) -> None:
    """Versions stay as they are written."""
    pytest.importorskip(
        "yaml", reason="waits for the extra stockade[yaml], which requirements/dev.lock brings"
    )
    (tmp_path / "vulns/acme").mkdir(parents=True)
    (tmp_path / "vulns/acme/PYSEC-2021-1.yaml").write_text(RECORD)
    (tmp_path / "vulns/acme/bad.yml").write_text("a: [")
    reading = Reading("pypa")
    (found,) = reading.read(in_folder(tmp_path))
    (one,) = found.advisories
    assert (one.project, one.versions, one.fixed) == ("acme", ("1.10", "1.20", "1e3"), ("2.0",))
    assert one.ranges[0].events == (("introduced", "1.10"), ("fixed", "2.0"))
    assert one.summary == 'One line of it: "quoted" & more.'
    assert reading.unreadable == 1 and "vulns/acme/bad.yml was left out: it is no YAML" in reading.told[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x [1]\nb: *x\n", "anchors"),
        ("a: &x 1", "anchors"),
        ("a: *x", "no YAML"),
        ("!!python/object/apply:os.system ['true']", None),
        ("a: \x00", "no YAML"),
        ("\ud800", "no YAML"),
        ("[" * 5000, "no YAML"),
        (" " * ((4 << 20) + 1), "larger"),
    ],
)
def test_what_could_be_more_than_it_is_long_or_is_none(text: str, why: str | None) -> None:
    """Anchors are refused, and tags make nothing but texts and lists."""
    pytest.importorskip(
        "yaml", reason="waits for the extra stockade[yaml], which requirements/dev.lock brings"
    )
    data = text.encode("utf-8", "surrogatepass")
    if why is None:
        assert yamls.document(data) == ["true"]
        return
    with pytest.raises(UnreadableRecord, match=why):
        yamls.document(data)
