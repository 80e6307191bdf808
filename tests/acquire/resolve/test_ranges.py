"""Range requests over the transport: only the right part counts."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from stockade.acquire.index.settings import IndexFlags, index_settings
from stockade.acquire.index.transport import Transport
from stockade.acquire.resolve import TransportRanges
from stockade.model.project import ArtifactRef, ProjectName, Release

DATA = bytes(range(200))


def _ref(url: str = "https://files.example/alpha-1.0.whl") -> ArtifactRef:
    release = Release(name=ProjectName("alpha"), version="1.0")
    return ArtifactRef(release=release, filename="alpha-1.0.whl", url=url, index="https://index.example/")


def _part(
    tmp_path: Path, status: int, content_range: str, body: bytes, start: int = -50
) -> tuple[tuple[bytes, int] | None, str]:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["range"])
        return httpx.Response(status, headers={"Content-Range": content_range}, content=body)

    flags = IndexFlags(installer="pip", index_url="https://index.example/simple/")
    settings = index_settings({}, home=tmp_path, cwd=tmp_path, flags=flags, root=tmp_path)
    with Transport(settings, base=httpx.MockTransport(answer), sleep=lambda _: None) as transport:
        return TransportRanges(transport).part(_ref(), start, 50), asked[0]


def test_the_end_and_a_piece_from_the_middle(tmp_path: Path) -> None:
    assert _part(tmp_path, 206, "bytes 150-199/200", DATA[150:]) == ((DATA[150:], 200), "bytes=-50")
    assert _part(tmp_path, 206, "bytes 10-59/200", DATA[10:60], 10) == ((DATA[10:60], 200), "bytes=10-59")
    # A file that is smaller than what was asked for comes whole.
    assert _part(tmp_path, 206, "bytes 0-19/20", DATA[:20])[0] == (DATA[:20], 20)


@pytest.mark.parametrize(
    ("status", "content_range", "body"),
    [
        (200, "", DATA),
        (416, "bytes */200", b""),
        (404, "", b""),
        (500, "", b""),
        (206, "", DATA[150:]),
        (206, "bytes 0-49/200", DATA[:50]),  # another part
        (206, "bytes 150-199/200", DATA[:20]),  # fewer bytes than it says
        (206, "bytes 150-299/300", DATA[:150]),  # more than was asked for
    ],
)
def test_any_other_answer_is_none(tmp_path: Path, status: int, content_range: str, body: bytes) -> None:
    assert _part(tmp_path, status, content_range, body)[0] is None


def test_local_files_have_no_parts(tmp_path: Path) -> None:
    settings = index_settings({}, home=tmp_path, cwd=tmp_path, root=tmp_path)
    with Transport(settings) as transport:
        assert TransportRanges(transport).part(_ref("file:///srv/a.whl"), -50, 50) is None
