"""No byte is seen whose digest was not promised, and no partial file either."""

from __future__ import annotations

import hashlib
import io
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import httpx
import pytest

from stockade import limits
from stockade.acquire.fetch import Fetcher, kind_of
from stockade.acquire.index.blobs import BlobStore
from stockade.acquire.index.settings import IndexSettings, Source
from stockade.acquire.index.transport import Transport
from stockade.errors import (
    DigestMismatch,
    FetchFailed,
    InsecureRedirect,
    StoreFailed,
    TooBig,
    Truncated,
)
from stockade.model.artifact import Artifact, Kind
from stockade.model.project import ArtifactRef, Digest, ProjectName, Release
from tests.support.archives import sdist, sdist_name, wheel, wheel_name
from tests.support.asking import Ask
from tests.support.index import Fault, FaultKind, TwinFile, TwinIndex

DATA = wheel("demo", "1.0", {"demo.py": "x = 1\n" * 50_000})
FILE = TwinFile(wheel_name("demo", "1.0"), DATA)
SHA = Digest(hashlib.sha256(DATA).hexdigest())
OTHER = Digest("0" * 64)


def ref_of(base: str, file: TwinFile = FILE, **facts: object) -> ArtifactRef:
    ref = ArtifactRef(
        release=Release(name=ProjectName("demo"), version="1.0"),
        filename=file.filename,
        url=f"{base}/files/{file.filename}",
        index=f"{base}/simple/",
        sha256=Digest(file.digest) if file.digest else None,
        size=len(file.data),
    )
    return replace(ref, **facts)  # type: ignore[arg-type]


def stored(cache: Path) -> list[Path]:
    """Whatever lies in the cache, partial files too."""
    return [path for path in cache.rglob("*") if path.is_file()]


def test_a_file_is_fetched_once(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        for _ in range(2):
            asking = ask(tmp_path, twin.url)
            got = asking.fetcher.fetch(ref_of(twin.base))
        assert len(twin.hits("/files/")) == 1
    assert (got.label, got.filename, got.kind) == (FILE.filename, FILE.filename, Kind.WHEEL)
    assert (got.sha256, got.size, got.notes) == (SHA, len(DATA), ())
    path = Path(got.path)
    assert path == tmp_path / "artifacts" / SHA[:2] / SHA
    assert path.read_bytes() == DATA
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stored(tmp_path) == [path]


def test_other_bytes_than_promised(tmp_path: Path, ask: Ask) -> None:
    lying = replace(FILE, sha256=OTHER)
    with TwinIndex({"demo": [lying]}) as twin:
        asking = ask(tmp_path, twin.url)
        with pytest.raises(DigestMismatch, match=f"{SHA}.*{OTHER}"):
            asking.fetcher.fetch(ref_of(twin.base, lying))
    assert stored(tmp_path) == []


def test_a_lock_that_pins_other_bytes_is_heeded_before_anything_is_asked(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        asking = ask(tmp_path, twin.url)
        with pytest.raises(DigestMismatch, match="than are locked"):
            asking.fetcher.fetch(ref_of(twin.base), (OTHER,))
        assert twin.hits() == []
        assert asking.fetcher.fetch(ref_of(twin.base), (OTHER, SHA)).sha256 == SHA


def test_a_lock_vouches_where_the_index_gives_no_digest(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        asking = ask(tmp_path, twin.url)
        bare = ref_of(twin.base, sha256=None)
        with pytest.raises(DigestMismatch):
            asking.fetcher.fetch(bare, (OTHER,))
        assert asking.fetcher.fetch(bare, (OTHER, SHA)).notes == ()


def test_another_file_of_the_lock_does_not_pass_for_the_one_that_was_asked_for(
    tmp_path: Path, ask: Ask
) -> None:
    other = Digest(hashlib.sha256(b"another file of the release").hexdigest())
    swapped = {FILE.filename: Fault("garbage", body=b"another file of the release")}
    with TwinIndex({"demo": [FILE]}, faults=swapped) as twin:
        asking = ask(tmp_path, twin.url)
        with pytest.raises(DigestMismatch):
            asking.fetcher.fetch(ref_of(twin.base, size=None), (other, SHA))


def test_files_are_asked_for_as_they_are(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        ask(tmp_path, twin.url).fetcher.fetch(ref_of(twin.base))
        assert twin.log[0].headers["accept-encoding"] == "identity"


def test_a_trickle_is_not_waited_for(tmp_path: Path, ask: Ask) -> None:
    now = [0.0]

    def parts() -> Iterator[bytes]:
        for _ in range(100):
            now[0] += 25.0
            yield b"x"

    base = httpx.MockTransport(lambda _: httpx.Response(200, content=parts()))
    asking = ask(tmp_path, "https://index.invalid/simple", base=base, clock=lambda: now[0])
    with pytest.raises(FetchFailed, match="too slowly"):
        asking.fetcher.fetch(ref_of("https://index.invalid"))
    assert now[0] == 75.0


def test_without_any_digest_it_is_hashed_and_that_is_said(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        asking = ask(tmp_path, twin.url)
        for _ in range(2):
            got = asking.fetcher.fetch(ref_of(twin.base, sha256=None, size=None))
            assert got.sha256 == SHA
            assert "no SHA-256" in got.notes[0]


def test_a_damaged_store_entry_is_fetched_anew(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        asking = ask(tmp_path, twin.url)
        path = Path(asking.fetcher.fetch(ref_of(twin.base)).path)
        path.write_bytes(DATA[:-1] + b"!")
        assert Path(asking.fetcher.fetch(ref_of(twin.base)).path).read_bytes() == DATA
        assert len(twin.hits("/files/")) == 2
        path.write_bytes(b"!")
        offline = ask(tmp_path, twin.url, offline=True)
        with pytest.raises(FetchFailed, match="--offline forbids"):
            offline.fetcher.fetch(ref_of(twin.base))
        assert not path.exists()


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        (Fault("cut"), Truncated, "broke off in the middle"),
        (Fault("error", status=404), FetchFailed, "answers 404"),
        (Fault("error", status=401), FetchFailed, "answers 401"),
        (Fault("error"), FetchFailed, "answers 500"),
        (Fault("loop"), FetchFailed, "redirects more than"),
        (Fault("garbage", body=b"short"), Truncated, "only 5 of the"),
        (Fault("garbage", body=bytes(len(DATA) + 1)), TooBig, "larger than the"),
        (Fault("garbage", body=bytes(len(DATA))), DigestMismatch, "other bytes"),
        (Fault("endless"), TooBig, "larger than 4 GiB"),
        (Fault("page"), Truncated, "only"),
    ],
)
def test_a_fetch_that_fails_leaves_nothing(
    tmp_path: Path, ask: Ask, fault: Fault, error: type[FetchFailed], says: str
) -> None:
    with TwinIndex({"demo": [FILE]}, faults={FILE.filename: fault}) as twin:
        asking = ask(tmp_path, twin.url)
        with pytest.raises(error, match=says):
            asking.fetcher.fetch(ref_of(twin.base))
    assert stored(tmp_path) == []


@pytest.mark.parametrize("kind", ["cut", "error"])
def test_passing_failures_are_tried_again_from_the_start(tmp_path: Path, ask: Ask, kind: FaultKind) -> None:
    with TwinIndex({"demo": [FILE]}, faults={FILE.filename: Fault(kind, times=2)}) as twin:
        asking = ask(tmp_path, twin.url)
        assert Path(asking.fetcher.fetch(ref_of(twin.base)).path).read_bytes() == DATA
        assert len(asking.slept) == 2


def test_a_right_digest_outweighs_a_wrong_size(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        asking = ask(tmp_path, twin.url)
        assert asking.fetcher.fetch(ref_of(twin.base, size=len(DATA) + 5)).size == len(DATA)


def test_more_bytes_than_announced_are_not_read_to_the_end(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        asking = ask(tmp_path, twin.url)
        with pytest.raises(TooBig):
            asking.fetcher.fetch(ref_of(twin.base, size=10))


def test_plain_http(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}, tls=tmp_path / "ca", faults={FILE.filename: Fault("plain")}) as twin:
        settings = IndexSettings(installer="pip", sources=(Source(url=twin.url),), ca=twin.authority)
        asking = ask(tmp_path, settings)
        with pytest.raises(InsecureRedirect, match="plain http"):
            asking.fetcher.fetch(ref_of(twin.base))
    asking = ask(tmp_path, "https://index.invalid/simple/")
    bare = ref_of("https://index.invalid", url="http://files.invalid/x.whl", sha256=None)
    with pytest.raises(InsecureRedirect, match="without a digest"):
        asking.fetcher.fetch(bare)
    with pytest.raises(FetchFailed, match="neither http"):
        asking.fetcher.fetch(replace(bare, url="ftp://files.invalid/x.whl"))


def test_files_of_this_machine_are_copied_under_the_same_checks(tmp_path: Path, ask: Ask) -> None:
    local = tmp_path / "a b" / FILE.filename
    local.parent.mkdir()
    local.write_bytes(DATA)
    cache = tmp_path / "cache"
    asking = ask(cache, "https://index.invalid/simple/", offline=True)
    ref = ref_of("file:///srv", url=local.as_uri())
    got = asking.fetcher.fetch(ref)
    local.write_bytes(b"changed afterwards")
    assert Path(got.path).read_bytes() == DATA
    Path(got.path).unlink()
    with pytest.raises(Truncated):
        asking.fetcher.fetch(ref)
    for url in ((tmp_path / "absent").as_uri(), tmp_path.as_uri(), "file://elsewhere.invalid/x.whl"):
        with pytest.raises(FetchFailed, match="there is no file"):
            asking.fetcher.fetch(replace(ref, url=url))
    (tmp_path / "memory").symlink_to("/proc/self/mem")
    with pytest.raises(FetchFailed, match="cannot be read"):
        asking.fetcher.fetch(replace(ref, url=(tmp_path / "memory").as_uri()))
    assert stored(cache) == []


def test_offline_says_so(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        offline = ask(tmp_path, twin.url, offline=True)
        with pytest.raises(FetchFailed, match="is not cached, and --offline forbids"):
            offline.fetcher.fetch(ref_of(twin.base))
        asking = ask(tmp_path, twin.url)
        asking.fetcher.fetch(ref_of(twin.base))
        assert offline.fetcher.fetch(ref_of(twin.base)).sha256 == SHA


class _FullDisk(io.BytesIO):
    """A file on a disk that takes a thousand bytes."""

    def write(self, data: object, /) -> int:
        assert isinstance(data, bytes)
        if self.tell() + len(data) > 1000:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_a_full_disk_is_said_with_the_folder_and_leaves_nothing(tmp_path: Path) -> None:
    def create(path: Path) -> BinaryIO:
        path.write_bytes(b"partial")
        return _FullDisk()

    store = BlobStore(tmp_path / "artifacts", create)
    with (
        TwinIndex({"demo": [FILE]}) as twin,
        Transport(IndexSettings(installer="pip", sources=())) as transport,
    ):
        fetcher = Fetcher(transport, tmp_path, store=store)
        with pytest.raises(StoreFailed, match=f"{tmp_path}/artifacts cannot be used: No space left"):
            fetcher.fetch(ref_of(twin.base))
        with pytest.raises(StoreFailed):
            list(fetcher.fetch_all([ref_of(twin.base)]))
    assert stored(tmp_path) == []


def test_a_folder_that_cannot_be_used(tmp_path: Path, ask: Ask) -> None:
    (tmp_path / "artifacts").write_text("")
    with TwinIndex({"demo": [FILE]}) as twin:
        asking = ask(tmp_path, twin.url)
        for sha256 in (SHA, None):
            with pytest.raises(StoreFailed, match="artifacts cannot be used"):
                asking.fetcher.fetch(ref_of(twin.base, sha256=sha256))


def test_several_at_once_and_failures_stand_for_their_file(tmp_path: Path, ask: Ask) -> None:
    files = [
        TwinFile(sdist_name("demo", f"{n}"), sdist("demo", f"{n}", {"demo.py": f"x = {n}\n"}))
        for n in range(20)
    ]
    faults = {files[3].filename: Fault("error", status=404)}
    with TwinIndex({"demo": files}, faults=faults) as twin:
        asking = ask(tmp_path, twin.url)
        refs = [ref_of(twin.base, file) for file in files]
        found = dict(asking.fetcher.fetch_all(iter(refs)))
    assert set(found) == set(refs)
    assert isinstance(found[refs[3]], FetchFailed)
    got = [one for one in found.values() if isinstance(one, Artifact)]
    assert {one.sha256 for one in got} == {file.digest for file in files if file is not files[3]}
    assert {one.kind for one in got} == {Kind.SDIST}


def test_a_locks_digests_hold_for_all(tmp_path: Path, ask: Ask) -> None:
    with TwinIndex({"demo": [FILE]}) as twin:
        asking = ask(tmp_path, twin.url)
        ref = ref_of(twin.base)
        ((_, failed),) = asking.fetcher.fetch_all([ref], {ref.release: (OTHER,)})
        assert isinstance(failed, DigestMismatch)


def test_it_does_not_run_far_ahead_of_its_reader(tmp_path: Path, ask: Ask) -> None:
    taken: list[int] = []

    def refs() -> object:
        for number in range(1000):
            taken.append(number)
            yield ref_of("file:///nowhere", url="file:///nowhere/x.whl")

    asking = ask(tmp_path, "https://index.invalid/simple/")
    running = asking.fetcher.fetch_all(refs())  # type: ignore[arg-type]
    assert taken == []
    next(running)
    assert len(taken) <= 2 * limits.MAX_CONNECTIONS
    running.close()  # type: ignore[attr-defined]


def test_the_store_forgets_what_was_used_longest_ago(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    for data in (b"one", b"two"):
        with store.incoming() as incoming:
            incoming.write(data)
            incoming.keep()
    store.prune(0)
    assert len(stored(tmp_path)) == 2, "what this run wrote stays"
    later = BlobStore(tmp_path)
    later._began = 0.0
    later.prune(0)
    assert len(stored(tmp_path)) == 2, "who wrote nothing tidies nothing"
    with later.incoming():
        pass
    later._began = float("inf")
    later.prune(3)
    assert len(stored(tmp_path)) == 1


def test_reading_from_the_store(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    with store.incoming() as incoming:
        incoming.write(b"data")
        digest = incoming.digest()
        incoming.keep()
    assert store.read(digest, 4) == b"data"
    assert store.read(digest, 3) is None
    assert store.read(OTHER, 4) is None
    (tmp_path / "00").write_text("a file where a folder should be")
    with pytest.raises(StoreFailed, match="cannot be used"):
        store.read(OTHER, 4)


def test_a_store_that_cannot_take_what_came(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    data = b"data"
    (tmp_path / hashlib.sha256(data).hexdigest()[:2]).write_text("a file where a folder should be")
    with store.incoming() as incoming:
        incoming.write(data)
        with pytest.raises(StoreFailed, match="cannot be used"):
            incoming.keep()
    assert list((tmp_path / "in").iterdir()) == []


@pytest.mark.parametrize(
    ("filename", "kind"),
    [
        ("a-1-py3-none-any.whl", Kind.WHEEL),
        ("A.TAR.GZ", Kind.SDIST),
        ("a.zip", Kind.SDIST),
        ("a.egg", Kind.ARCHIVE),
    ],
)
def test_kinds(filename: str, kind: Kind) -> None:
    assert kind_of(filename) == kind


_INTERRUPTED = """
import pathlib, sys
from stockade.acquire.fetch import Fetcher
from stockade.acquire.index.settings import IndexSettings
from stockade.acquire.index.transport import Transport
from stockade.model.project import ArtifactRef, Release

url, cache = sys.argv[1], pathlib.Path(sys.argv[2])
name = url.rpartition("/")[2]
ref = ArtifactRef(release=Release(name="demo", version="1.0"), filename=name, url=url, index="x")
transport = Transport(IndexSettings(installer="pip", sources=(), timeout=60.0))
fetcher = Fetcher(transport, cache)
try:
    list(fetcher.fetch_all([ref]))
except KeyboardInterrupt:
    print("interrupted")
finally:
    fetcher.close()
    transport.close()
"""


def test_ctrl_c_does_not_wait_for_a_silent_index_and_leaves_nothing(tmp_path: Path) -> None:
    faults = {FILE.filename: Fault("stall", seconds=30.0)}
    with TwinIndex({"demo": [FILE]}, faults=faults) as twin:
        command = [sys.executable, "-c", _INTERRUPTED, ref_of(twin.base).url, str(tmp_path)]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 10
        while not stored(tmp_path) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert [path.parent.name for path in stored(tmp_path)] == ["in"], "half of it is on its way"
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert (out, err, running.returncode) == ("interrupted\n", "", 0)
    assert stored(tmp_path) == []
