"""docs/policy.md, docs/formats.md and docs/exit-codes.md say what the code does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from stockade.act.report.types import ArtifactReport, CheckReport, ReleaseReport
from stockade.decide.policy import DEFAULT_RULES, Condition, Policy
from stockade.decide.policyfile import parse_policy
from stockade.decide.policytext import explain
from stockade.decide.waivers import parse_waivers
from stockade.model.decision import Exit

DOCS = Path(__file__).parents[2] / "docs"


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def fenced(name: str) -> str:
    found = re.search(r"```toml\n(.*?)```", text(name), re.DOTALL)
    assert found
    return found[1]


def test_the_documented_policy_is_the_default_one() -> None:
    policy = parse_policy(fenced("policy.md"), source="docs")
    default = Policy()
    assert (policy.block, policy.ask) == (0.9, 0.5), "an example: left out, the model's own hold"
    for name in {one.name for one in fields(Policy)} - {"source", "given", "block", "ask"}:
        assert getattr(policy, name) == getattr(default, name), name


def test_every_key_is_documented() -> None:
    documented = fenced("policy.md")
    for line in explain(Policy()).splitlines():
        if " = " in line:
            assert line.split(" = ")[0] + " = " in documented, line


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_is_explained_with_its_default(condition: Condition) -> None:
    assert re.search(
        rf"^\| `{condition}` \| .+ \| `{DEFAULT_RULES[condition]}` \|$", text("policy.md"), re.MULTILINE
    )


def test_the_documented_waiver_is_one() -> None:
    (waiver,) = parse_waivers(fenced("formats.md"), source="docs")
    assert waiver.project == "reqeusts"


@pytest.mark.parametrize("kind", [ArtifactReport, ReleaseReport, CheckReport])
def test_every_name_of_a_report_is_documented(kind: type) -> None:
    for one in fields(kind):
        assert f"`{one.name}`" in text("formats.md"), one.name


@pytest.mark.parametrize("code", list(Exit))
def test_every_exit_code_is_documented(code: Exit) -> None:
    assert re.search(rf"^\| {code.value} \| ", text("exit-codes.md"), re.MULTILINE)
