"""The campaign rebuilt from the real SDKs of the index that pip is set up with, and twenty that are honest.

Nothing that is fetched is run or installed. CI runs this; `make test` elsewhere leaves it out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from stockade.acquire.fetch import Fetcher
from stockade.acquire.index.listing import files_of
from stockade.acquire.index.settings import IndexFlags, index_settings
from stockade.acquire.index.simple import SimpleIndex
from stockade.acquire.index.transport import Transport
from stockade.model.artifact import Artifact, Kind
from stockade.model.project import project_name
from tests.cli.campaign.judged import Wheel, assert_caught, judged, paths_of
from tests.cli.conftest import Run
from tests.support.campaign import ALIYUN, AWS, TENCENT, Campaign, Plan, campaign, clone, members
from tests.support.shapes import deep, in_one_file, inlined

pytestmark = [pytest.mark.index, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class _Sdk:
    """A real SDK, where it takes its caller's keys, and what of its closure is linked with the clone."""

    project: str
    version: str
    plan: Plan
    name: str
    brings: tuple[tuple[str, str], ...] = ()


Build = Callable[[Mapping[str, bytes], Plan, str], Campaign]
BUILDS: Mapping[str, Build] = {
    "as it was": campaign,
    "inlined": lambda original, plan, name: inlined(original=original, plan=plan, name=name),
    "in one file": lambda original, plan, name: in_one_file(original, plan, name=name),
    "three deep": lambda original, plan, name: deep(original=original, plan=plan, name=name),
}
HTTP = (("requests", "2.32.5"), ("urllib3", "2.6.3"))
SDKS = {
    "Alibaba": _Sdk("aliyun-python-sdk-core", "2.16.1", ALIYUN, "acloud-client-made-up", HTTP),
    "Tencent": _Sdk("tencentcloud-sdk-python-common", "3.1.193", TENCENT, "tcloud-python-made-up", HTTP),
    "AWS": _Sdk("boto3", "1.40.0", AWS, "amzclients-made-up", (*HTTP, ("botocore", "1.40.0"))),
}
#: Cloud and SaaS SDKs that take secrets, each with all that it brings.
HONEST = (
    "boto3 azure-identity azure-storage-blob google-cloud-storage google-auth aliyun-python-sdk-core"
    " tencentcloud-sdk-python-common oss2 stripe twilio slack-sdk openai anthropic sendgrid PyGithub python-gitlab"
    " hvac sentry-sdk datadog pymongo"
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A wheel of the index, as it is."""

    filename: str
    data: bytes

    def write(self, folder: Path) -> Path:
        """The wheel as a file in `folder`."""
        target = folder / self.filename
        target.write_bytes(self.data)
        return target


Fetch = Callable[[str, str], Fetched]


@pytest.fixture(scope="module")
def wheel_of(tmp_path_factory: pytest.TempPathFactory) -> Fetch:
    """The wheel of a release."""
    # The home is a made-up one: this group may use the environment's settings, not a person's.
    home = tmp_path_factory.mktemp("home")
    settings = index_settings(os.environ, home=home, cwd=home, flags=IndexFlags(installer="pip"))
    kept: dict[tuple[str, str], Fetched] = {}

    def fetched(project: str, version: str) -> Fetched:
        if (project, version) not in kept:
            with Transport(settings) as transport:
                index, fetcher = SimpleIndex(transport, home / "cache"), Fetcher(transport, home / "cache")
                refs = files_of(index.listing(project_name(project)), version)
                wheel = next(ref for ref in refs if ref.filename.endswith(".whl"))
                ((_, got),) = fetcher.fetch_all([wheel])
                assert isinstance(got, Artifact)
                assert got.kind is Kind.WHEEL
                kept[project, version] = Fetched(got.filename, Path(got.path).read_bytes())
        return kept[project, version]

    return fetched


@pytest.mark.parametrize("options", [(), ("--evidence", "code", "--reference", "none")], ids=["all", "code"])
@pytest.mark.parametrize("built", list(BUILDS))
@pytest.mark.parametrize("cloud", list(SDKS))
def test_the_clone_and_its_helper_are_blocked_and_nobody_else(
    run: Run, tmp_path: Path, wheel_of: Fetch, cloud: str, built: str, options: tuple[str, ...]
) -> None:
    sdk = SDKS[cloud]
    made = BUILDS[built](members(wheel_of(sdk.project, sdk.version).data), sdk.plan, sdk.name)
    brought = [wheel_of(*release) for release in sdk.brings]
    reports = judged(run, tmp_path / "wheels", [*made.every, *brought], *options)
    assert_caught(made, reports)
    blamed = {name for name, report in reports.items() if report["action"] != "allow"}
    assert blamed <= {one.filename for one in made.every}


@pytest.mark.parametrize("cloud", list(SDKS))
def test_the_original_is_allowed(run: Run, tmp_path: Path, wheel_of: Fetch, cloud: str) -> None:
    sdk = SDKS[cloud]
    releases = [(sdk.project, sdk.version), *sdk.brings]
    reports = judged(run, tmp_path / "wheels", [wheel_of(*release) for release in releases])
    assert {name: paths_of(one) for name, one in reports.items() if one["action"] != "allow"} == {}


@pytest.mark.parametrize("cloud", list(SDKS))
def test_an_honest_fork_under_another_name_is_not_blocked(
    run: Run, tmp_path: Path, wheel_of: Fetch, cloud: str
) -> None:
    sdk = SDKS[cloud]
    fork = clone(members(wheel_of(sdk.project, sdk.version).data), [], name=f"{sdk.name}-fork", requires=())
    wheels: list[Wheel] = [fork, *(wheel_of(*release) for release in sdk.brings)]
    reports = judged(run, tmp_path / "wheels", wheels)
    assert reports[fork.filename]["action"] in {"allow", "ask"}
    assert {name for name, one in reports.items() if one["action"] != "allow"} <= {fork.filename}


def test_twenty_sdks_are_allowed_with_all_that_they_bring(run: Run) -> None:
    ran = run("check", *HONEST.split(), "--format", "json")
    document = json.loads(ran.out)
    refused = {
        one["artifact"]: (one["reasons"], one["evidence"])
        for release in document["releases"]
        for one in release["artifacts"]
        if one["action"] != "allow"
    }
    assert refused == {}
    assert ran.code == 0
    assert len(document["releases"]) > len(HONEST.split())
