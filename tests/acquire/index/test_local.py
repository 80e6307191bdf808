"""Indexes that are folders."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.index.local import path_of, read_local
from stockade.acquire.index.settings import Source, SourceKind
from stockade.errors import IndexUnavailable
from stockade.model.project import ProjectName
from tests.support.archives import wheel, wheel_name

DEMO = ProjectName("demo-kit")
DATA = wheel("demo-kit", "1.0", {"demo_kit.py": "x = 1\n"})
NAME = wheel_name("demo-kit", "1.0")
SHA = hashlib.sha256(DATA).hexdigest()


def source(path: Path, kind: SourceKind = SourceKind.SIMPLE) -> Source:
    return Source(url=path.as_uri(), kind=kind)


def test_a_tree_of_pages(tmp_path: Path) -> None:
    (tmp_path / "simple" / "demo-kit").mkdir(parents=True)
    (tmp_path / "simple" / "demo-kit" / "index.html").write_text(
        f'<a href="../../files/{NAME}#sha256={SHA}">x</a>'
    )
    listing = read_local(source(tmp_path / "simple"), DEMO)
    assert listing is not None
    (one,) = listing.files
    assert (one.filename, one.sha256) == (NAME, SHA)
    assert path_of(one.url) == tmp_path / "files" / NAME
    assert read_local(source(tmp_path / "simple"), ProjectName("other")) is None
    (tmp_path / "simple" / "demo-kit" / "index.html").write_text("")
    empty = read_local(source(tmp_path / "simple"), DEMO)
    assert empty is not None
    assert empty.files == ()


@pytest.mark.parametrize("kind", SourceKind)
def test_bare_folders_of_files(tmp_path: Path, kind: SourceKind) -> None:
    folder = tmp_path / "demo-kit" if kind is SourceKind.SIMPLE else tmp_path
    folder.mkdir(exist_ok=True)
    (folder / NAME).write_bytes(DATA)
    (folder / "other-1.0.tar.gz").write_bytes(b"")
    (folder / "demo_kit-2.0.tar.gz").mkdir()
    (folder / "demo-kit-3\u200b.tar.gz").write_bytes(b"")
    listing = read_local(source(tmp_path, kind), DEMO)
    assert listing is not None
    (one,) = listing.files
    assert (one.filename, one.sha256, one.size) == (NAME, SHA, len(DATA))
    assert one.index == tmp_path.as_uri()
    assert len(listing.gaps) == 1


def test_find_links_that_are_a_page_or_one_file(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(DATA)
    page = tmp_path / "links.html"
    page.write_text(f'<a href="{NAME}">x</a><a href="other-1.0.tar.gz">y</a>')
    for path in (page, tmp_path / NAME):
        listing = read_local(source(path, SourceKind.LINKS), DEMO)
        assert listing is not None
        assert [path_of(one.url) for one in listing.files] == [tmp_path / NAME]


def test_what_is_not_there_is_a_gap_of_find_links(tmp_path: Path) -> None:
    listing = read_local(source(tmp_path / "absent", SourceKind.LINKS), DEMO)
    assert listing is not None
    assert "is not there" in listing.gaps[0].why
    assert read_local(source(tmp_path / "absent"), DEMO) is None
    assert read_local(Source(url="file://elsewhere.invalid/simple"), DEMO) is None


def test_a_page_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "links.html").mkdir()
    (tmp_path / "demo-kit").write_text("a file where a folder should be")
    assert read_local(source(tmp_path), DEMO) is None
    loop = tmp_path / "loop.html"
    loop.symlink_to(loop)
    assert path_of(loop.as_uri()) == loop
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / NAME).symlink_to("/proc/self/mem")
    with pytest.raises(IndexUnavailable, match="cannot be read"):
        read_local(source(tmp_path / "f", SourceKind.LINKS), DEMO)


def test_large_files_are_hashed_when_they_are_fetched(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with path.open("wb") as file:
        file.truncate(limits.MAX_LOCAL_HASH + 1)
    listing = read_local(source(tmp_path, SourceKind.LINKS), DEMO)
    assert listing is not None
    assert listing.files[0].sha256 is None


def test_only_this_machines_file_urls() -> None:
    assert path_of("file:///a%20b") == Path("/a b")
    assert path_of("file://localhost/a") == Path("/a")
    assert path_of("file://host.invalid/a") is None
    assert path_of("https://host.invalid/a") is None
