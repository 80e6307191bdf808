"""Files and folders of this machine as artifacts."""

from __future__ import annotations

import hashlib
import os
import socket
import tarfile
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.sources import folder as packing
from stockade.acquire.sources.local import kind_of, local_targets
from stockade.model.artifact import Artifact, Kind
from stockade.model.evidence import Gap, GapKind
from tests.support.archives import sdist, tar_of, wheel


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one; temporary files lie beside it."""
    place = tmp_path / "here"
    place.mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(place)
    return place


def _targets(*paths: str | Path) -> list[Artifact | Gap]:
    return list(local_targets(paths, Path("../work")))


def _one(path: str) -> Artifact:
    (found,) = _targets(path)
    assert isinstance(found, Artifact)
    return found


def _gaps(*paths: str) -> list[tuple[str, GapKind, str]]:
    return [(one.what, one.kind, one.why) for one in _targets(*paths) if isinstance(one, Gap)]


def _names(artifact: Artifact) -> list[str]:
    with tarfile.open(artifact.path, encoding="utf-8", errors="surrogateescape") as tar:
        return tar.getnames()


# Files.


def test_an_archive_is_an_artifact_with_the_path_as_given(here: Path) -> None:
    data = wheel("alpha", "1.0", {})
    Path("alpha-1.0-py3-none-any.whl").write_bytes(data)
    found = _one("./alpha-1.0-py3-none-any.whl")
    assert found == Artifact(
        label="./alpha-1.0-py3-none-any.whl",
        filename="alpha-1.0-py3-none-any.whl",
        kind=Kind.WHEEL,
        path="./alpha-1.0-py3-none-any.whl",
        sha256=found.sha256,
        size=len(data),
    )
    assert found.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("filename", "kind"),
    [
        ("alpha-1.0.tar.gz", Kind.SDIST),
        ("Alpha-Beta-v1.0.ZIP", Kind.SDIST),
        ("alpha-1.0.tgz", Kind.SDIST),
        ("alpha-1.0-py3.8.egg", Kind.ARCHIVE),
        ("main.zip", Kind.ARCHIVE),
        ("alpha-1.0-py3-none-any.whl", Kind.WHEEL),
        ("no-ending", Kind.ARCHIVE),
    ],
)
def test_kinds_follow_the_name(filename: str, kind: Kind) -> None:
    assert kind_of(filename) is kind


def test_an_archive_under_another_name_is_known_by_its_first_bytes(here: Path) -> None:
    Path("holiday.jpg").write_bytes(wheel("alpha", "1.0", {}))
    assert _one("holiday.jpg").kind is Kind.ARCHIVE


def test_a_single_python_file_is_packed_like_a_folder(here: Path) -> None:
    Path("a.py").write_text("x = 1\n")
    Path("link.py").symlink_to("a.py")
    for name in ("a.py", "link.py"):
        found = _one(name)
        assert (found.kind, found.label, found.filename) == (Kind.FOLDER, name, name)
        with tarfile.open(found.path) as tar:
            member = tar.extractfile(name)
            assert member and member.read() == b"x = 1\n"


def test_what_is_no_file_is_never_opened(here: Path) -> None:
    os.mkfifo("fifo.whl")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("sock.py")
        assert _gaps("fifo.whl", "sock.py", "/dev/null", "gone.whl", "nul\0.whl") == [
            ("fifo.whl", GapKind.LIMIT, "it is a named pipe, not a file"),
            ("sock.py", GapKind.LIMIT, "it is a socket, not a file"),
            ("/dev/null", GapKind.LIMIT, "it is a device, not a file"),
            ("gone.whl", GapKind.LIMIT, "there is no such file or folder"),
            ("nul\0.whl", GapKind.LIMIT, "it cannot be read: embedded null byte"),
        ]


def test_empty_huge_and_foreign_files(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("empty.whl").touch()
    Path("notes.txt").write_text("hello")
    assert _gaps("empty.whl", "notes.txt") == [
        ("empty.whl", GapKind.LIMIT, "it is empty"),
        ("notes.txt", GapKind.SCOPE, "it is neither an archive nor Python"),
    ]
    monkeypatch.setattr(limits, "MAX_ARTIFACT", 4)
    assert "larger than" in _gaps("notes.txt")[0][2]


def test_a_file_that_may_not_be_read_is_a_limit(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.whl").write_bytes(b"PK")
    Path("d").mkdir()
    Path("d/a.py").write_text("x")
    Path("d/b.py").write_text("x")
    really = os.open

    def forbidden(path: str, flags: int, *rest: int) -> int:
        if str(path).endswith(("a.whl", "a.py")):
            raise PermissionError(13, "Permission denied")
        return really(path, flags, *rest)

    monkeypatch.setattr(os, "open", forbidden)
    gaps = _gaps("a.whl", "d")
    assert [gap[:2] for gap in gaps] == [("a.whl", GapKind.LIMIT), ("d/a.py", GapKind.LIMIT)]
    assert gaps[0][2] == "it cannot be read: Permission denied"


def test_a_file_that_turns_into_a_pipe_is_not_waited_for(here: Path) -> None:
    os.mkfifo("fifo")
    with pytest.raises(OSError, match="not a regular file any more"):
        packing.open_regular("fifo")
    Path("link").symlink_to("/etc/hostname")
    with pytest.raises(OSError, match="symbolic link"):
        packing.open_regular("link", follow=False)


# Folders.


def test_the_packages_in_a_folder_are_artifacts_and_so_is_the_rest(here: Path) -> None:
    Path("dist/old").mkdir(parents=True)
    Path("dist/alpha-1.0-py3-none-any.whl").write_bytes(wheel("alpha", "1.0", {}))
    Path("dist/old/alpha-0.9.tar.gz").write_bytes(sdist("alpha", "0.9", {}))
    Path("dist/README").write_text("hello")
    found = _targets("dist")
    assert [one.label for one in found if isinstance(one, Artifact)] == [
        "dist/alpha-1.0-py3-none-any.whl",
        "dist/old/alpha-0.9.tar.gz",
    ]
    Path("dist/tool.py").write_text("x = 1\n")
    Path("dist/data.zip").write_bytes(b"PK\x03\x04")
    rest = _targets("dist/")[-1]
    assert isinstance(rest, Artifact)
    assert (rest.kind, rest.label, rest.filename) == (Kind.FOLDER, "dist/", "dist")
    assert _names(rest) == ["README", "data.zip", "tool.py"]


def test_a_folder_packs_to_the_same_bytes_whatever_the_order_and_the_clock(here: Path) -> None:
    for place, names in (("one", "abc"), ("two", "cab")):
        Path(place, "pkg").mkdir(parents=True)
        for name in names:
            Path(place, "pkg", f"{name}.py").write_text(name)
        os.utime(Path(place, "pkg", "a.py"), (1, 1) if place == "one" else (2, 2))
    one, two = _one("one"), _one("two")
    assert one.sha256 == two.sha256
    assert one.sha256 == hashlib.sha256(Path(one.path).read_bytes()).hexdigest()
    assert one.size == Path(one.path).stat().st_size
    assert Path(one.path).stat().st_mode & 0o077 == 0
    Path("two/pkg/a.py").chmod(0o755)
    assert _one("two").sha256 != one.sha256
    assert _one(".").filename == "here"


def test_hidden_files_caches_and_links_go_in(here: Path) -> None:
    Path("v/__pycache__").mkdir(parents=True)
    Path("v/.git").mkdir()
    Path("v/__pycache__/a.cpython-311.pyc").write_bytes(b"x")
    for name in (".hidden.py", "evil.pth", ".git/payload.py", "big" * 60 + ".py"):
        Path("v", name).write_text("x")
    Path("v/link").symlink_to("/etc/passwd")
    Path("v/dir-link").symlink_to("/etc")
    found = _one("v")
    names = set(_names(found))
    assert {".hidden.py", "evil.pth", ".git/payload.py", "__pycache__/a.cpython-311.pyc", "link"} <= names
    assert not any(name.startswith("dir-link/") for name in names)
    with tarfile.open(found.path) as tar:
        member = tar.getmember("link")
        assert member.issym() and member.linkname == "/etc/passwd" and member.size == 0


def test_what_is_left_out_is_said(here: Path) -> None:
    for name in (".git", ".venv/lib", ".svn"):
        Path("v", name).mkdir(parents=True)
    Path("v/.git/HEAD").write_text("ref: x")
    Path("v/.venv/lib/a.py").write_text("x")
    Path("v/a.py").write_text("x")
    os.mkfifo("v/fifo")
    (found, *gaps) = _targets("v")
    assert isinstance(found, Artifact) and _names(found) == ["a.py"]
    assert {(gap.what, gap.kind) for gap in gaps if isinstance(gap, Gap)} == {
        ("v/.git", GapKind.SCOPE),
        ("v/.venv", GapKind.SCOPE),
        ("v/fifo", GapKind.SCOPE),
    }


def test_a_folder_without_anything_is_said_to_be_so(here: Path) -> None:
    Path("v").mkdir()
    Path("v/README").write_text("x")
    assert _gaps("v") == [("v", GapKind.SCOPE, "it holds no archive and no Python source")]


def test_names_that_are_not_utf8_are_kept_as_bytes(here: Path) -> None:
    Path("v").mkdir()
    with open(b"v/\xff\xfe.py", "wb") as file:
        file.write(b"x = 1\n")
    assert os.fsencode(_names(_one("v"))[0]) == b"\xff\xfe.py"


def test_bounds_of_a_folder(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("v").mkdir()
    for name in "abc":
        Path("v", f"{name}.py").write_text("x" * 100)
    monkeypatch.setattr(limits, "MAX_FOLDER", 250)
    (found, gap) = _targets("v")
    assert isinstance(found, Artifact) and _names(found) == ["a.py", "b.py"]
    assert isinstance(gap, Gap) and gap.kind is GapKind.LIMIT and gap.what == "v/c.py"
    monkeypatch.setattr(limits, "MAX_FOLDER", 25)
    monkeypatch.setattr(limits, "MAX_GAPS", 2)
    assert len(_gaps("v")) == 2
    monkeypatch.setattr(limits, "MAX_MEMBERS", 1)
    assert any("more than 1 files" in why for _, _, why in _gaps("v"))


def test_a_file_that_shrinks_while_it_is_read_is_a_limit(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("v").mkdir()
    Path("v/a.py").write_text("x" * 100)
    really = os.fstat

    def taller(number: int) -> os.stat_result:
        found = really(number)
        return os.stat_result((*found[:6], found.st_size + 50, *found[7:]))

    monkeypatch.setattr(os, "fstat", taller)
    (found, gap) = _targets("v")
    assert isinstance(gap, Gap) and gap.kind is GapKind.LIMIT and "shorter" in gap.why
    assert isinstance(found, Artifact) and _names(found) == ["a.py"]


def test_folders_and_files_that_vanish_are_limits(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("v/deep").mkdir(parents=True)
    Path("v/a.py").write_text("x")
    Path("v/gone-1.0.zip").write_bytes(tar_of({}))
    really = os.scandir

    def forbidden(path: str) -> object:
        if path.endswith("deep"):
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    targets = local_targets(["v"], Path("../work"))
    stat = os.stat

    def vanished(path: str, *, follow_symlinks: bool = True) -> os.stat_result:
        if path == "v/gone-1.0.zip":
            raise FileNotFoundError(2, "No such file or directory")
        return stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "stat", vanished)
    found = list(targets)
    assert [one.what for one in found if isinstance(one, Gap)] == ["v/gone-1.0.zip", "v/deep"]
    assert all(one.kind is GapKind.LIMIT for one in found if isinstance(one, Gap))
