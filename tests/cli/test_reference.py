"""``stockade reference``: made from an index, gone on with, shown, used, and what comes of a bad one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stockade.analyse.identity.reference import Reference
from stockade.cli import reference_build
from stockade.cli.reference import TOP
from stockade.remember.shapes import ShapeStore
from stockade.workers import Analyser
from tests.cli.conftest import OLD, Run
from tests.support import sdk
from tests.support.archives import sdist, sdist_name, wheel, wheel_name
from tests.support.index import Fault, TwinFile, TwinIndex


def release(
    name: str, version: str, files: dict[str, str], uploaded: str = OLD, yanked: bool = False
) -> TwinFile:
    return TwinFile(
        wheel_name(name, version), wheel(name, version, files), uploaded=uploaded, yanked=yanked or None
    )


@pytest.fixture
def sky(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TwinIndex]:
    """An index with the made-up SDK, one small project, one that has only an sdist, one that is too new."""
    other = {"other/__init__.py": "def other():\n    return 1\n"}
    packages = {
        "nimbus-sdk": [
            release("nimbus-sdk", "1.0", sdk.sdk("1.0"), "2019-01-01T00:00:00Z"),
            release("nimbus-sdk", "2.0", sdk.sdk("2.0")),
        ],
        "other": [TwinFile(sdist_name("other", "1.0"), sdist("other", "1.0", other), uploaded=OLD)],
        "fresh": [release("fresh", "1.0", other, uploaded="2099-01-01T00:00:00Z")],
    }
    with TwinIndex(packages) as twin:
        monkeypatch.setenv("PIP_INDEX_URL", twin.url)
        monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
        yield twin


def build(run: Run, *names: str, more: tuple[object, ...] = ()) -> tuple[int, str, str]:
    Path("names.txt").write_text("# known\n" + "\n".join(names) + "\n")
    ran = run("reference", "build", "--projects", "names.txt", "--jobs", "1", *more)
    return ran.code, ran.out, ran.err


def built() -> Reference:
    return Reference(memoryview((Path(os.environ["STOCKADE_DATA_DIR"]) / "reference.bin").read_bytes()))


@pytest.fixture
def copy(run: Run) -> Path:
    """A trojaned copy on disk; `run` has gone to an empty folder."""
    path = Path(wheel_name("cumulus-client", "1.0"))
    path.write_bytes(wheel("cumulus-client", "1.0", sdk.trojaned("cumulus")))
    return path


def test_it_is_made_where_others_look_for_it(run: Run, sky: TwinIndex, copy: Path) -> None:
    code, out, err = build(run, "nimbus-sdk==2.0", "other", "fresh", "no-such")

    assert code == 0
    assert out.startswith("2 projects, ") and "2 projects were left out" in out
    assert "fresh is left out: it has no release that fits" in err
    assert "no-such is left out: the index does not know it" in err
    assert [(one.name, one.versions) for one in built().projects] == [
        ("nimbus-sdk", ("2.0", "1.0")),
        ("other", ("1.0",)),
    ]

    said = json.loads(run("scan", copy, "--format", "ndjson", "--no-cache").out)
    assert {one["detector"] for one in said["evidence"]} >= {"known-project-clone", "clone-delta"}
    code_only = json.loads(run("scan", copy, "--format", "ndjson", "--no-cache", "--evidence", "code").out)
    assert not {one["detector"] for one in code_only["evidence"]} & {"known-project-clone", "clone-delta"}
    off = json.loads(run("scan", copy, "--format", "ndjson", "--no-cache", "--reference", "none").out)
    assert not {one["detector"] for one in off["evidence"]} & {"known-project-clone", "clone-delta"}


def test_findings_of_another_reference_are_not_remembered(run: Run, sky: TwinIndex, copy: Path) -> None:
    def said() -> set[str]:
        return {
            one["detector"] for one in json.loads(run("scan", copy, "--format", "ndjson").out)["evidence"]
        }

    build(run, "other")
    assert "known-project-clone" not in said()
    build(run, "other", "nimbus-sdk")
    assert "known-project-clone" in said()


def test_what_was_read_is_not_asked_for_again(run: Run, sky: TwinIndex) -> None:
    build(run, "nimbus-sdk", "other")
    first = built().digest
    asked = len(sky.hits("/files/"))
    assert asked == 3

    assert build(run, "nimbus-sdk", "other")[0] == 0
    assert len(sky.hits("/files/")) == asked
    assert built().digest == first
    assert build(run, "nimbus-sdk", "other", more=("--offline",))[0] == 0


def test_an_interrupted_run_goes_on_where_it_was(
    run: Run, sky: TwinIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ShapeStore.put
    kept: list[str] = []

    def interrupted(self: ShapeStore, sha256: str, shape: bytes) -> None:
        whole(self, sha256, shape)  # type: ignore[arg-type]
        kept.append(sha256)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ShapeStore, "put", interrupted)
        code, _, err = build(run, "nimbus-sdk", "other")
    assert (code, len(kept)) == (130, 1)
    assert "interrupted" in err
    assert not Path(os.environ["STOCKADE_DATA_DIR"]).exists()

    before = len(sky.hits("/files/"))
    assert build(run, "nimbus-sdk", "other")[0] == 0
    assert len({*sky.hits("/files/")[before:]}) == 2
    assert len(built().projects) == 2


def test_a_file_that_cannot_be_had_is_left_out(run: Run, sky: TwinIndex) -> None:
    sky.faults[wheel_name("nimbus-sdk", "2.0")] = Fault("error", status=404)

    code, out, err = build(run, "nimbus-sdk", "other")

    assert code == 0
    assert "answers 404" in err
    assert [one.versions for one in built().projects] == [("1.0",), ("1.0",)]
    assert out.startswith("2 projects")


def test_what_cannot_be_read_is_left_out(run: Run, sky: TwinIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = TwinFile(wheel_name("broken", "1.0"), b"no archive at all", uploaded=OLD)
    sky.put("broken", [broken])

    assert build(run, "broken")[0] == 3

    class Stopped:
        def analyse(self, artifacts: object) -> Iterator[object]:
            from stockade.workers.wire import unanalysed

            for one in artifacts:  # type: ignore[attr-defined]
                yield one, unanalysed(one, "ran over 1 s and was stopped")

    from contextlib import contextmanager

    @contextmanager
    def confined(**_: object) -> Iterator[Analyser]:
        yield Stopped()  # type: ignore[misc]

    monkeypatch.setattr(reference_build, "confined", confined)
    code, _, err = build(run, "other")
    assert code == 3
    assert "other-1.0.tar.gz is left out: ran over 1 s" in err


def test_no_index_is_no_reference(run: Run, sky: TwinIndex) -> None:
    sky.faults["nimbus-sdk"] = Fault("error", status=403)
    assert build(run, "nimbus-sdk")[0] == 3


def test_names_that_are_none_are_said(run: Run, sky: TwinIndex) -> None:
    assert build(run, "not a name!")[0] == 2
    assert run("reference", "build", "--projects", "missing.txt").code == 3
    Path("bytes.txt").write_bytes(b"\xff\xfe")
    assert run("reference", "build", "--projects", "bytes.txt").code == 2
    assert build(run, "other", more=("--releases", "0"))[0] == 2
    Path("folder").mkdir()
    assert build(run, "other", more=("--out", "names.txt/x"))[0] == 2


def test_without_names_it_takes_the_most_downloaded(monkeypatch: pytest.MonkeyPatch, sky: TwinIndex) -> None:
    names = reference_build._names(None)
    assert len(names) >= TOP
    assert "requests" in names
    monkeypatch.setattr(reference_build, "shipped", lambda: None)
    assert len(reference_build._names(None)) == TOP


def test_show_tells_what_is_in_it(run: Run, sky: TwinIndex) -> None:
    build(run, "nimbus-sdk", "other", more=("--hashes", "8"))

    ran = run("reference", "show")
    assert ran.code == 0
    assert "2 projects" in ran.out and "nimbus-sdk 2.0 1.0" in ran.out
    one = run("reference", "show", "nimbus-sdk")
    assert "releases 2.0, 1.0" in one.out and "only the whole" in one.out
    assert "only the whole" not in run("reference", "show", "other").out
    assert run("reference", "show", "requests").code == 3
    assert run("reference", "show", "--reference", "none").code == 1


def words(text: str) -> str:
    """Without line breaks, which depend on how long a path is."""
    return " ".join(text.split())


def test_a_damaged_reference_is_said_and_another_is_used(run: Run, sky: TwinIndex, copy: Path) -> None:
    build(run, "nimbus-sdk")
    path = Path(os.environ["STOCKADE_DATA_DIR"]) / "reference.bin"
    path.write_bytes(path.read_bytes()[:-9] + b"\xffdamage\0\0")

    ran = run("scan", copy, "--no-cache")
    assert "it is damaged" in words(ran.out) and "stockade reference build" in words(ran.out)
    named = run("scan", copy, "--reference", path)
    assert (named.code, "it is damaged" in words(named.err)) == (1, True)
    assert run("scan", copy, "--reference", "missing.bin").code == 3
    path.write_bytes(b"")
    assert "is no reference" in words(run("scan", copy, "--no-cache").out)
    path.unlink()
    path.mkdir()
    assert "cannot be mapped" in words(run("scan", copy, "--no-cache").out)


def test_without_any_reference_that_is_said(
    run: Run, sky: TwinIndex, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stockade.cli.known.shipped", lambda: None)

    ran = run("scan", copy, "--no-cache")
    assert "there is no reference of known projects" in words(ran.out)
    assert run("reference", "show").code == 1
    assert run("reference", "diff", copy).code == 1


def test_diff_shows_what_was_changed(run: Run, sky: TwinIndex, copy: Path) -> None:
    build(run, "nimbus-sdk", "other")

    ran = run("reference", "diff", copy)

    assert ran.code == 0
    assert "is 93 % nimbus-sdk; this is what differs from 2.0" in ran.out
    lines = ran.out.splitlines()
    assert "--- nimbus-sdk-2.0/nimbus/client.py" in lines and "+++ cumulus/client.py" in lines
    assert "@@ -7,4 +7,5 @@ __init__" in lines
    added = [line for line in lines if line.startswith("+") and not line.startswith("+++")]
    assert added[0] == "+        photo_of(access_key_id, access_key_secret)"
    assert added[1] == "+def photo_of(access_key_id, access_key_secret):"
    assert not [line for line in lines if line.startswith("-") and not line.startswith("---")]


def test_diff_of_what_is_new_and_of_what_is_no_copy(run: Run, sky: TwinIndex) -> None:
    build(run, "nimbus-sdk", "other")
    files = sdk.sdk("1.0", "cumulus") | {"cumulus/photo.py": "URL = 'https://photos.invalid/'\n"}
    path = Path(wheel_name("cumulus-client", "1.0"))
    path.write_bytes(wheel("cumulus-client", "1.0", files))

    ran = run("reference", "diff", path)
    assert "is 100 % nimbus-sdk; this is what differs from " in ran.out
    assert "--- /dev/null" in ran.out and "+URL = 'https://photos.invalid/'" in ran.out

    plain = Path(wheel_name("stratus", "1.0"))
    plain.write_bytes(wheel("stratus", "1.0", {"stratus.py": "ONE = 1\n"}))
    assert "is no copy of a project" in run("reference", "diff", plain).out
    assert run("reference", "diff", "missing.whl").code == 3


def test_diff_without_the_originals_is_nothing_inspected(run: Run, sky: TwinIndex, copy: Path) -> None:
    build(run, "nimbus-sdk")
    sky.faults[wheel_name("nimbus-sdk", "2.0")] = Fault("error", status=404)
    assert "differs from 1.0" in run("reference", "diff", copy).out
    sky.put("nimbus-sdk", [])
    assert run("reference", "diff", copy).code == 3


def test_a_copy_is_recognised_behind_the_walls_of_a_fresh_process(
    run: Run, sky: TwinIndex, copy: Path
) -> None:
    """What comparing imports late would be missing there."""
    build(run, "nimbus-sdk")
    words = ["scan", str(copy), "--format", "ndjson", "--no-cache"]
    script = "import sys; from stockade.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)

    said = json.loads(done.stdout)
    assert not [gap for gap in said["gaps"] if "failed" in gap["why"]]
    assert {one["detector"] for one in said["evidence"]} >= {"known-project-clone", "clone-delta"}
