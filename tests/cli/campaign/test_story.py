"""What `stockade check` says of the rebuilt campaign: which secret goes where, and through whom."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.campaign.judged import paths_of
from tests.cli.conftest import OLD, Ran, Run
from tests.support.campaign import HOST, URL, campaign
from tests.support.index import TwinFile, TwinIndex
from tests.support.twins import CLIENTS, SDK

MADE = campaign()
HELPER = MADE.helpers[0]


#: Which secret goes where, by what way; what is cloned, and what differs.
STORY = """\
    when its code is called
      hands its caller's access_key_id and access_key_secret to clock-drift, which sends them to
      https://drift.clock.invalid/v1/check (decoded first), dropping every error, under a name that
      says nothing of a secret and as soon as a client is made  skycloud/client.py:59
        → comes in as access_key_secret of Client.__init__  skycloud/client.py:28
        → is kept in the field _drift_stamp of client.Client  skycloud/client.py:47
        → is handed to clock_drift.DriftChecker           skycloud/client.py:59
        in clock_drift-0.0.2-py3-none-any.whl
        → is kept in the field stamp of clock_drift.DriftChecker  clock_drift/__init__.py:11
        → is sent to https://drift.clock.invalid/v1/check by requests.post
            clock_drift/__init__.py:17
    in its form
      is 93 % skycloud-sdk-core (3.4.1) under another name; 2 of its 65 functions are its own
        skycloud
      installs skycloud, in a package of skycloud-sdk-core  skycloud/__init__.py
      has code outside functions (lines 3 to 18), unlike any known skycloud-sdk-core
        skycloud/client.py:3
      has __init__ (lines 28 to 48), unlike any known skycloud-sdk-core  skycloud/client.py:28
      has _check_drift (lines 58 to 60), unlike any known skycloud-sdk-core  skycloud/client.py:58
    because
"""


@pytest.fixture
def twin() -> Iterator[TwinIndex]:
    """An index with the campaign, the SDK that it was made from, and what they bring."""
    dists = (*MADE.every, SDK, *CLIENTS)
    with TwinIndex({one.name: [TwinFile(one.filename, one.data, uploaded=OLD)] for one in dists}) as index:
        yield index


def stories(out: str) -> dict[str, list[str]]:
    """The lines told of each release, by its name; releases that are allowed have one."""
    told: dict[str, list[str]] = {}
    for line in out.splitlines():
        if line[:1] in {"✓", "✗", "?", "!"}:
            told[line.split()[1]] = [line]
        elif told and line.startswith(" "):
            told[[*told][-1]].append(line)
    return told


def check(run: Run, twin: TwinIndex, reference: Path, *options: str) -> Ran:
    """The clone, with all that it brings, against an index and a reference that know the original."""
    return run("check", MADE.clone.name, "--index-url", twin.url, "--reference", reference, *options)


def test_it_tells_which_secret_goes_where(run: Run, twin: TwinIndex, reference: Path) -> None:
    ran = check(run, twin, reference)
    assert ran.code == 10
    told = stories(ran.out)
    assert {name for name, lines in told.items() if "BLOCK" in lines[0]} == {MADE.clone.name, HELPER.name}
    assert STORY in ran.out
    assert HOST in "\n".join(told[HELPER.name]), "the helper alone is told of as well"
    assert "by the way that is told of skycloud-client 1.0.1" in "\n".join(told[HELPER.name])
    because = next(at for at, line in enumerate(told[MADE.clone.name]) if line.strip() == "because")
    assert because <= 22, "a tired person reads a screen, not a page"
    assert all(len(line) <= 100 for line in ran.out.splitlines() if "stockade allow" not in line)


def test_programs_are_told_the_same(run: Run, twin: TwinIndex, reference: Path) -> None:
    document = json.loads(check(run, twin, reference, "--format", "json").out)
    reports = {one["artifact"]: one for release in document["releases"] for one in release["artifacts"]}
    (way,) = [way for way in paths_of(reports[MADE.clone.filename]) if URL in way[-1]["what"]]
    assert [way[0]["artifact"], way[-1]["artifact"]] == [MADE.clone.filename, HELPER.filename]
    assert way[0]["file"] == "skycloud/client.py"
    log = json.loads(check(run, twin, reference, "--format", "sarif").out)
    flows = [result["codeFlows"] for result in log["runs"][0]["results"] if "codeFlows" in result]
    uris = [
        step["location"]["physicalLocation"]["artifactLocation"]["uri"]
        for (flow,) in flows
        for step in flow["threadFlows"][0]["locations"]
    ]
    assert f"{HELPER.filename}!clock_drift/__init__.py" in uris


def test_a_process_that_does_nothing_else_tells_the_same(tmp_path: Path, reference: Path) -> None:
    """What a test's process has imported already, a worker behind walls can no longer load."""
    paths = [str(one.write(tmp_path)) for one in MADE.every]
    words = ["scan", "--closure", *paths, "--reference", str(reference), "--format", "ndjson", "--no-cache"]
    code = f"import sys; from stockade.cli import main; sys.exit(main({words!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(reports) == 2, done.stderr
    assert [gap for one in reports for gap in one["gaps"] if gap["kind"] == "limit"] == []
    found = {evidence["detector"] for one in reports for evidence in one["evidence"]}
    assert {"known-project-clone", "clone-delta", "secret-leaves-package", "receives-and-sends"} <= found


def test_the_original_is_allowed(run: Run, twin: TwinIndex, reference: Path) -> None:
    ran = run("check", SDK.name, "--index-url", twin.url, "--reference", reference)
    assert ran.code == 0, ran.out
