"""Which earlier file a file is compared with, what that costs, and what an earlier file that is bad costs nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from stockade import limits
from stockade.cli.before import counterpart
from stockade.model.project import ArtifactRef, ProjectName, Release
from tests.cli.conftest import OLD, Run, file_of
from tests.cli.test_past import ago
from tests.support.archives import sdist, wheel
from tests.support.index import Fault, TwinFile, TwinIndex

CALLS = "import subprocess\n\nsubprocess.run(['true'], check=False)\n"


def ref(filename: str, size: int = 1) -> ArtifactRef:
    release = Release(name=ProjectName("demo"), version="1.0")
    return ArtifactRef(
        release=release,
        filename=filename,
        url="",
        index="i",
        size=size,
        uploaded=datetime(2020, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("mine", "there", "chosen"),
    [
        ("d-2-py3-none-any.whl", ["d-1.tar.gz", "d-1-py3-none-any.whl"], "d-1-py3-none-any.whl"),
        ("d-2.tar.gz", ["d-1-py3-none-any.whl", "d-1.zip"], "d-1.zip"),
        ("d-2.tar.gz", ["d-1-py3-none-any.whl"], None),
        ("d-2-py3-none-any.whl", ["d-1.tar.gz"], None),
        (
            "d-2-cp312-cp312-manylinux_2_28_x86_64.whl",
            ["d-1-cp312-cp312-win_amd64.whl", "d-1-cp311-cp311-manylinux_2_17_x86_64.whl"],
            "d-1-cp311-cp311-manylinux_2_17_x86_64.whl",
        ),
        (
            "d-2-cp312-cp312-win_amd64.whl",
            ["d-1-cp312-cp312-win_amd64.whl", "d-1-cp311-cp311-manylinux_2_17_x86_64.whl"],
            "d-1-cp312-cp312-win_amd64.whl",
        ),
    ],
)
def test_the_file_most_like_it(mine: str, there: list[str], chosen: str | None) -> None:
    found = counterpart(ref(mine), [ref(one) for one in there])
    assert (found.filename if found else None) == chosen


def test_a_huge_one_is_left_alone() -> None:
    assert counterpart(ref("d-2.tar.gz"), [ref("d-1.tar.gz", limits.MAX_COMPARED + 1)]) is None


def demo(version: str, text: str, uploaded: str = OLD, **facts: Any) -> TwinFile:
    made = file_of("demo", version, wheel("demo", version, {"demo.py": text}), uploaded=uploaded)
    return TwinFile(made.filename, made.data, uploaded=uploaded, **facts)


def drifts(out: str) -> list[str]:
    document = json.loads(out)
    files = [file for release in document["releases"] for file in release["artifacts"]]
    return [
        one["message"] for file in files for one in file["evidence"] if one["detector"].startswith("drift-")
    ]


def test_bad_releases_in_a_row_do_not_vouch_for_each_other(run: Run) -> None:
    files = [
        demo("1.0", "X = 1\n"),
        demo("1.1", CALLS, ago(hours=30)),
        demo("1.2", "X = 1\n", "2020-03-01T00:00:00Z", yanked=True),
        demo("1.3", CALLS, ago(hours=29)),
        demo("2.0", CALLS, ago(hours=28)),
        demo("3.0", CALLS),
    ]
    with TwinIndex({"demo": files}) as twin:
        ran = run("check", "demo==1.3", "--index-url", twin.url, "--format", "json")
    assert drifts(ran.out)
    assert all(message.endswith("which 1.0 did not") for message in drifts(ran.out))


def test_only_recent_releases_cost_a_download_unless_all_are_asked_for(run: Run) -> None:
    files = [demo("1.0", "X = 1\n"), demo("1.1", CALLS, "2020-03-01T00:00:00Z")]
    with TwinIndex({"demo": files}) as twin:
        ran = run("check", "demo", "--index-url", twin.url, "--format", "json")
        assert drifts(ran.out) == []
        assert not twin.hits("demo-1.0")
        ran = run("check", "demo", "--index-url", twin.url, "--format", "json", "--drift", "all")
        assert len(drifts(ran.out)) == 2
        twin.log.clear()
        run("check", "demo", "--index-url", twin.url, "--drift", "all")
        assert not twin.hits("demo-1.0")  # its facts are remembered by digest


@pytest.mark.parametrize("fault", [Fault("error", status=404), Fault("cut")], ids=lambda fault: fault.kind)
def test_an_earlier_file_that_cannot_be_had_is_said_and_held_against_nobody(run: Run, fault: Fault) -> None:
    files = [demo("1.0", "X = 1\n"), demo("1.1", "U = 'https://a.invalid/x'\n", ago(days=5))]
    with TwinIndex({"demo": files}, faults={files[0].filename: fault}) as twin:
        ran = run("check", "demo", "--index-url", twin.url, "--format", "json")
    assert ran.code == 0, ran.out
    assert drifts(ran.out) == []
    (file,) = json.loads(ran.out)["releases"][0]["artifacts"]
    assert [gap["kind"] for gap in file["gaps"]] == ["scope"]
    assert "could not be compared with demo-1.0-py3-none-any.whl" in file["gaps"][0]["why"]


def test_a_new_dependency_is_told_with_its_age(run: Run) -> None:
    after = wheel("demo", "1.1", {"demo.py": "X = 1\n"}, requires=["helper"])
    helper = file_of("helper", "1", wheel("helper", "1", {"helper.py": ""}), uploaded=ago(days=6))
    packages = {
        "demo": [demo("1.0", "X = 1\n"), file_of("demo", "1.1", after, uploaded=ago(days=5))],
        "helper": [helper],
    }
    with TwinIndex(packages) as twin:
        ran = run("check", "demo", "--index-url", twin.url, "--format", "json")
    assert drifts(ran.out) == ["requires helper, which is 6 days old, which 1.0 did not"]


def test_an_sdist_that_differs_from_its_wheel_is_seen_without_any_earlier_release(run: Run) -> None:
    files = [
        file_of("demo", "1.0", wheel("demo", "1.0", {"tool.py": "X = 1\n"})),
        file_of("demo", "1.0", sdist("demo", "1.0", {"tool.py": CALLS, "setup.py": ""}), form="sdist"),
    ]
    with TwinIndex({"demo": files}) as twin:
        ran = run("check", "demo", "--index-url", twin.url, "--format", "json")
    artifacts = json.loads(ran.out)["releases"][0]["artifacts"]
    told = {one["artifact"]: [each["detector"] for each in one["evidence"]] for one in artifacts}
    assert "files-disagree" in told["demo-1.0.tar.gz"]
    assert "files-disagree" not in told["demo-1.0-py3-none-any.whl"]
