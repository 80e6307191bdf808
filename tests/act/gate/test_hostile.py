"""A standing gate before an index that lies, breaks off and hides things in names; as a process of its own."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from stockade.acquire.index.html_page import read_html
from stockade.model.project import ProjectName
from tests.support.archives import wheel, wheel_name
from tests.support.gates import Served, serving
from tests.support.index import Fault, TwinFile, TwinIndex

OLD = "2020-01-01T00:00:00Z"
JSON = {"Accept": "application/vnd.pypi.simple.v1+json"}


def plain(name: str, *, sha256: str | None = None) -> TwinFile:
    data = wheel(name, "1.0", {f"{name}.py": "ONE = 1\n"})
    return TwinFile(wheel_name(name, "1.0"), data, uploaded=OLD, sha256=sha256)


FAULTS = {
    "cut": Fault("cut"),
    "broken": Fault("error", status=500),
    "gone": Fault("error", status=404),
    "loop": Fault("loop"),
    "plain": Fault("plain"),
    "away": Fault("elsewhere", target="http://127.0.0.1:9/x.whl"),
    "web": Fault("page"),
    "endless": Fault("endless"),
}
LISTINGS = {
    "broken": Fault("error", status=500),
    "loop": Fault("loop"),
    "web": Fault("page"),
    "garbage": Fault("garbage", body=b"{"),
    "endless": Fault("endless"),
    "cut": Fault("cut"),
}


@dataclass
class Place:
    index: TwinIndex
    gate: Served
    client: httpx.Client

    def files(self, name: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.client.get(f"/simple/{name}/", headers=JSON).json()["files"]
        return found

    def fetched(self, name: str) -> httpx.Response:
        (one,) = self.files(name)
        return self.client.get(str(one["url"]).removeprefix("../.."))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("hostile")
    names = ("good", "slow", "lies", *(f"file-{one}" for one in FAULTS), *(f"page-{one}" for one in LISTINGS))
    packages = {name: [plain(name)] for name in names}
    packages["lies"] = [plain("lies", sha256="0" * 64)]
    faults = {wheel_name(f"file-{name}", "1.0"): fault for name, fault in FAULTS.items()}
    faults |= {f"page-{name}": fault for name, fault in LISTINGS.items()}
    faults[wheel_name("slow", "1.0")] = Fault("stall", seconds=1.0)
    with (
        TwinIndex(packages, faults=faults) as index,
        serving(folder, index.url) as gate,
        httpx.Client(base_url=gate.base, trust_env=False, timeout=60) as client,
    ):
        yield Place(index, gate, client)


def test_an_honest_file_passes(place: Place) -> None:
    answer = place.fetched("good")
    assert (answer.status_code, answer.content) == (200, plain("good").data)


def test_a_slow_index_is_waited_for(place: Place) -> None:
    assert place.fetched("slow").content == plain("slow").data


@pytest.mark.parametrize("name", ["lies", *(f"file-{one}" for one in FAULTS)])
def test_nothing_goes_out_of_what_was_not_had_whole(place: Place, name: str) -> None:
    answer = place.fetched(name)
    assert answer.status_code == 403
    assert answer.json()["decision"] == "undetermined"
    assert b"PK\x03\x04" not in answer.content
    assert answer.extensions["reason_phrase"].startswith(f"Stockade: {name} 1.0 is not judged: ".encode())


@pytest.mark.parametrize("name", [f"page-{one}" for one in LISTINGS])
def test_a_page_that_cannot_be_read_is_no_page(place: Place, name: str) -> None:
    answer = place.client.get(f"/simple/{name}/")
    assert answer.status_code == 502
    assert "links for" not in answer.text.lower()


EVIL = (
    "../../evil-1.0-py3-none-any.whl",
    "..\\evil-1.0-py3-none-any.whl",
    "evil-1.0-py3-none-any.whl\r\nX-Evil: 1",
    "evil-1.0-py3-none-any.whl\x00.whl",
    "evil-1.0-py3-none-\u202ebad.whl",
    "other-1.0-py3-none-any.whl",
)
ODD = 'evil-1.0-py3-none-"><script>alert(1)<.whl'
URLS = ("javascript:alert(1)", "file:///etc/passwd", "http://[:::]/x", "https://host:port/x")


def test_names_and_addresses_come_out_escaped_or_not_at_all(place: Place) -> None:
    sha = "a" * 64
    good = {"url": "../../files/evil-1.0-py3-none-any.whl", "hashes": {"sha256": sha}, "upload-time": OLD}
    files = [{"filename": "evil-1.0-py3-none-any.whl", **good}, {"filename": ODD, **good}]
    files += [{"filename": name, **good} for name in EVIL]
    files += [
        {"filename": f"evil-1.{at}-py3-none-any.whl", **good, "url": url} for at, url in enumerate(URLS)
    ]
    files[0] |= {"requires-python": '>=3"><script>'}
    body = {
        "meta": {"api-version": "1.4"},
        "name": "evil",
        "files": files,
        "project-status": {"status": "archived", "reason": "\r\nX-Evil: 1\r\n\r\n</head><script>\u202e"},
    }
    place.index.put("evil", [])
    place.index.faults["evil"] = Fault("garbage", body=json.dumps(body).encode())
    page = place.client.get("/simple/evil/")
    assert page.status_code == 200
    assert "x-evil" not in page.headers
    assert "<script" not in page.text
    assert "\u202e" not in page.text
    assert not any(word in page.text for word in ("javascript:", "/etc/passwd", "[:::]", "host:port"))
    again = read_html(page.content, ProjectName("evil"), index="gate", page=f"{place.gate.base}/simple/evil/")
    assert {one.filename for one in again.files} == {"evil-1.0-py3-none-any.whl", ODD}
    for one in again.files:
        assert one.url.startswith(f"{place.gate.base}/files/evil/{sha}/")
        answer = place.client.get(one.url)
        assert answer.status_code == 403
        assert "x-evil" not in answer.headers
        assert answer.extensions["reason_phrase"].isascii()


def test_a_page_of_ten_thousand_files(place: Place) -> None:
    files = [
        {
            "filename": f"vast-1.{at}-py3-none-any.whl",
            "url": f"../../files/vast-1.{at}-py3-none-any.whl",
            "hashes": {"sha256": hashlib.sha256(str(at).encode()).hexdigest()},
            "size": 1000 + at,
            "upload-time": OLD,
        }
        for at in range(10_000)
    ]
    body = json.dumps({"meta": {"api-version": "1.1"}, "name": "vast", "files": files}).encode()
    place.index.put("vast", [])
    place.index.faults["vast"] = Fault("garbage", body=body)
    assert len(place.files("vast")) == 10_000
    for _ in range(20):
        page = place.client.get("/simple/vast/")
    assert page.text.count("<a href=") == 10_000
    assert len(place.index.hits("vast")) == 1  # asked for once, and made once


def test_a_private_name_is_asked_of_its_own_index_alone(tmp_path: Path) -> None:
    ours = [plain("ours")]
    with TwinIndex({"good": [plain("good")], "ours": ours}) as public, TwinIndex({"ours": ours}) as private:
        tmp_path.joinpath("policy.toml").write_text(
            f'version = 1\n[[indexes]]\nurl = "{private.url}"\nnames = ["ours*"]\n'
        )
        options = ["--extra-index-url", private.url, "--policy", str(tmp_path / "policy.toml")]
        with (
            serving(tmp_path / "gate", public.url, options) as gate,
            httpx.Client(base_url=gate.base, trust_env=False, timeout=60) as client,
        ):
            found = client.get("/simple/ours/", headers=JSON).json()["files"]
            answer = client.get(found[0]["url"].removeprefix("../.."))
            assert (answer.status_code, answer.content) == (200, ours[0].data)
            assert client.get("/simple/ours-not-there/").status_code == 404
        assert public.hits("ours") == []
        assert private.hits("ours")


def own_memory(pid: int) -> int:
    """What a process has in memory beside mapped files, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) >> 10
    raise AssertionError("the kernel does not say")


@pytest.mark.slow
def test_a_wheel_of_300_mib_comes_through_whole_and_is_never_in_memory(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("large/__init__.py", "")
        for at in range(30):
            archive.writestr(zipfile.ZipInfo(f"large/{at}.bin"), bytes(10 << 20))
        info = "large-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: large\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    data = out.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    large = TwinFile(wheel_name("large", "1.0"), data, uploaded=OLD, sha256=sha256)
    tmp_path.joinpath("policy.toml").write_text(
        'version = 1\n[rules]\nlimit = "allow"\nsuspicious = "allow"\n'
    )
    with (
        TwinIndex({"large": [large], "good": [plain("good")]}) as index,
        serving(tmp_path / "gate", index.url, ["--policy", str(tmp_path / "policy.toml")]) as gate,
        httpx.Client(base_url=gate.base, trust_env=False, timeout=120) as client,
    ):
        (one,) = client.get("/simple/good/", headers=JSON).json()["files"]
        assert client.get(one["url"].removeprefix("../..")).status_code == 200
        (one,) = client.get("/simple/large/", headers=JSON).json()["files"]
        before, most = own_memory(gate.process.pid), 0
        got, size = hashlib.sha256(), 0
        with client.stream("GET", one["url"].removeprefix("../..")) as answer:
            assert answer.status_code == 200, answer.read()
            for part in answer.iter_raw():
                got.update(part)
                size += len(part)
                most = max(most, own_memory(gate.process.pid))
        assert (size, got.hexdigest()) == (len(data), sha256)
        assert most - before < 64
