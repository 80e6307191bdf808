"""pip unpacks any zip or tar file, whatever its address ends with: what goes out unjudged must be neither."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from stockade.acquire.authority import Authority
from stockade.act.gate import listings
from stockade.act.gate.door import Door
from stockade.act.gate.text_only import is_json, is_metadata
from stockade.model.project import ProjectName
from tests.support.archives import core_metadata, sdist, wheel
from tests.support.gate_parts import INDEX, Bench, Shelf, Standing, ref_of, standing

METADATA = core_metadata("alpha", "1.0", ["beta; python_version < '3'"], summary="Grüße")
ABOUT = b'{"info": {"name": "alpha", "summary": "Gr\xc3\xbc\xc3\x9fe"}}'
OTHER = "https://other.example/pypi/alpha/json"


def text_tar(begin: bytes, end: bytes = b"", number: bytes = b"%06o  ") -> bytes:
    """A tar file without a zero or a control byte in it, which begins with `begin`; `number` spells its checksum."""
    name = begin.ljust(100)
    head = name + b"0000644 0000000 0000000 00000000010 00000000000 " + b" " * 8 + b"0" + b" " * 355
    head = head[:148] + number % sum(head[:512]) + head[156:512]
    assert len(head) == 512
    return head + b"x = 1   ".ljust(512) + end


def zipped(before: bytes = b"") -> bytes:
    file = io.BytesIO()
    file.write(before)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("alpha-1.0/setup.py", "")
    return file.getvalue()


ARCHIVES: list[Callable[[], bytes]] = [
    lambda: sdist("alpha", "1.0", {"setup.py": ""}),
    lambda: wheel("alpha", "1.0", {"alpha.py": ""}),
    lambda: gzip.decompress(sdist("alpha", "1.0", {"setup.py": ""})),
    lambda: bz2.compress(gzip.decompress(sdist("alpha", "1.0", {"setup.py": ""}))),
    lambda: lzma.compress(gzip.decompress(sdist("alpha", "1.0", {"setup.py": ""}))),
    lambda: zipped(METADATA),
    lambda: zipped(ABOUT),
    lambda: text_tar(b"Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\nSummary: "),
    lambda: text_tar(b'{"info": "', b'"}'),
    *(
        partial(text_tar, b"Metadata-Version: 2.1\nSummary: ", number=number)
        for number in (b"0o%o ", b"+%o  ", b"0_%o ", b"%8o", b"%08o")
    ),
]


@pytest.mark.parametrize("made", ARCHIVES)
def test_what_pip_would_unpack_is_neither(made: Callable[[], bytes]) -> None:
    body = made()
    assert zipfile.is_zipfile(io.BytesIO(body)) or tarfile.is_tarfile(io.BytesIO(body))
    assert not is_metadata(body)
    assert not is_json(body)


def test_honest_ones_are() -> None:
    assert is_metadata(METADATA)
    assert is_metadata(METADATA + "Grüße\tan alle\r\n".encode() * 50)
    assert is_metadata(METADATA + b"latin-1: \xfc\n" * 60)
    assert is_json(ABOUT)
    assert is_json(b" " * 600 + ABOUT)


@pytest.mark.parametrize("letters", ["í", "À", "€", "中", "\N{PILE OF POO}"])
def test_a_letter_of_many_bytes_may_stand_where_a_tar_file_has_its_checksum(letters: str) -> None:
    for begin in range(140, 157):
        head = b"Metadata-Version: 2.4\nName: alpha\nVersion: 1.0\nAuthor: ".ljust(begin, b"a")
        body = head + f"{letters * 4}\n\n{'text ' * 200}".encode()
        assert not tarfile.is_tarfile(io.BytesIO(body))
        assert is_metadata(body)


def test_broken_ones_are_not() -> None:
    assert not is_metadata(b"")
    assert not is_metadata(b"<html>")
    assert not is_json(b"")
    assert not is_json(b"{")
    assert not is_json(b'"\xff"')


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    found = Shelf(tmp_path)
    found.offer(ref_of("alpha"))
    return found


@contextmanager
def _proxy(shelf: Shelf) -> Iterator[httpx.Client]:
    """A client of the gate as a proxy."""
    authority = Authority()
    with (
        standing(shelf, Bench(), door=Door(authority, "token")) as gate,
        httpx.Client(proxy=gate.proxy, trust_env=False, timeout=20) as client,
    ):
        yield client


@pytest.fixture
def gate(shelf: Shelf) -> Iterator[Standing]:
    with standing(shelf, Bench()) as found:
        yield found


@pytest.fixture
def seen(gate: Standing) -> Iterator[httpx.Client]:
    with gate.client() as client:
        yield client


def test_an_archive_does_not_come_out_as_metadata(shelf: Shelf, seen: httpx.Client) -> None:
    ref = ref_of("alpha")
    where = f"/files/alpha/{ref.sha256}/{ref.filename}.metadata"
    shelf.metadatas[ref.url] = METADATA
    assert seen.get(where).content == METADATA
    shelf.metadatas[ref.url] = sdist("alpha", "1.0", {"setup.py": ""})
    answer = seen.get(where)
    assert answer.status_code == 403
    assert "offered as the metadata" in answer.reason_phrase


def test_an_archive_does_not_come_out_as_a_projects_json(shelf: Shelf) -> None:
    address = f"{INDEX.removesuffix('simple/')}pypi/alpha/json".replace("https:", "http:")
    shelf.bases = (INDEX.replace("https:", "http:"),)
    with _proxy(shelf) as client:
        shelf.others[address] = ("application/json", ABOUT)
        assert client.get(address).content == ABOUT
        shelf.others[address] = ("application/json", sdist("alpha", "1.0", {"setup.py": ""}))
        assert client.get(address).status_code == 403


def test_json_comes_from_configured_indexes_alone(shelf: Shelf) -> None:
    other = OTHER.replace("https:", "http:")
    shelf.others[other] = ("application/json", ABOUT)
    with _proxy(shelf) as client:
        page = other.replace("pypi/alpha/json", "simple/alpha/")
        assert client.get(page, headers={"accept": listings.JSON}).status_code == 200
        assert client.get(other).status_code == 403


def test_a_page_has_no_byte_that_only_an_archive_needs() -> None:
    ref = ref_of("alpha", yanked="PK\x05\x06\0\0\x01\x7f ü", requires_python=">=3\0")
    page = type("Page", (), {"status": "active", "reason": "", "files": (ref,), "gaps": ()})()
    body = listings.rendered(ProjectName("alpha"), page, (ref,), listings.PLAIN, listings.as_upstream)
    assert not set(body) & set(b"\0\x01\x05\x06\x7f")
    assert 'data-yanked="PK ü"' in body.decode()
