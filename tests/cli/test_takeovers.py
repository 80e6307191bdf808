"""Each takeover of the table, served with the releases before it, and which evidence `stockade check` gives of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade.model.decision import Exit
from tests.cli.conftest import Run
from tests.support.attesting import GitHub, Sigstore
from tests.support.index import TwinIndex
from tests.support.takeovers import HONEST, NAME, TAKEOVERS, Takeover

PAGE = Path(__file__).parents[2] / "docs" / "takeovers.md"
#: Signs what is attested; a hijacked workflow is the same publisher as always.
SIGSTORE, PUBLISHER = Sigstore(), GitHub(f"house/{NAME}")
_PAST = ("attestation-", "dormant-project", "owners-changed", "publisher-changed", "release-burst")


def is_past(detector: str) -> bool:
    """Whether it speaks of a project's past or of drift, rather than of one file's code."""
    return detector.startswith(("drift-", "files-disagree", *_PAST))


def seen(run: Run, one: Takeover, *more: str) -> tuple[set[str], int]:
    """The detectors that spoke, and the exit code."""
    Path("stockade.toml").write_text('[provenance]\ntrusted-root = "root.json"\n', encoding="utf-8")
    SIGSTORE.write_root(Path("root.json"))
    with TwinIndex({NAME: one.project()}) as twin:
        for file in twin.projects[NAME].files:
            if file.provenance is not None:
                twin.attest(file.filename, SIGSTORE.provenance(file.filename, file.digest, PUBLISHER))
        ran = run("check", f"{NAME}=={one.version}", "--index-url", twin.url, "--format", "json", *more)
    document = json.loads(ran.out)
    files = [file for release in document["releases"] for file in release["artifacts"]]
    return {each["detector"] for file in files for each in file["evidence"]}, ran.code


@pytest.mark.parametrize("one", TAKEOVERS, ids=lambda one: one.id)
def test_which_evidence_a_takeover_gives(run: Run, one: Takeover) -> None:
    found, code = seen(run, one)
    assert {name for name in found if is_past(name)} == one.fires
    assert one.code <= found
    assert code in {Exit.ASK, Exit.BLOCKED}


def test_an_honest_release_gives_none(run: Run) -> None:
    more = {
        **HONEST,
        f"{NAME}/client.py": f"{HONEST[f'{NAME}/client.py']!s}\n    def more(self):\n        return 1\n",
    }
    one = Takeover(id="", was="", technique="", fires=frozenset(), code=frozenset(), after=more)
    assert seen(run, one) == (set(), Exit.ASK)  # for its age alone


def test_drift_can_be_left_out(run: Run) -> None:
    one = next(one for one in TAKEOVERS if one.id == "litellm")
    found, _ = seen(run, one, "--drift", "none")
    assert not [name for name in found if name.startswith("drift-")]
    found, _ = seen(run, one, "--evidence", "code")
    assert not [name for name in found if is_past(name)]


def test_the_page_tells_the_same() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for one in TAKEOVERS:
        past = ", ".join(f"`{name}`" for name in sorted(one.fires)) or "none"
        code = ", ".join(f"`{name}`" for name in sorted(one.code))
        assert f"| {one.was} | {one.technique} | {past} | {code} |" in text
