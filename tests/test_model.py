"""The nouns that cross stretches: parsing at the edge, and the exit-code contract."""

from __future__ import annotations

import pytest

from stockade.errors import BadRequirement
from stockade.model.decision import Allow, Ask, Block, Exit, Undetermined, exit_code
from stockade.model.project import digest, project_name, requirement


def test_names_are_normalised() -> None:
    assert project_name("Foo.Bar__baz") == "foo-bar-baz"
    with pytest.raises(BadRequirement, match="not a project name"):
        project_name("../x")


def test_digests() -> None:
    assert digest("sha256:" + "A" * 64) == "a" * 64
    with pytest.raises(BadRequirement, match="64 hexadecimal"):
        digest("abc")


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("a==1.2", "1.2"),
        ("a===1.2", "1.2"),
        ("a==1.*", None),
        ("a>=1", None),
        ("a", None),
        ("a==1,!=2", None),
    ],
)
def test_only_one_exact_version_is_a_pin(text: str, pin: str | None) -> None:
    assert requirement(text).pin == pin


def test_a_requirement_reads_back() -> None:
    text = 'foo[a,b]>=1 ; python_version < "3.12"'
    assert str(requirement(text)) == text
    with pytest.raises(BadRequirement, match="not a requirement"):
        requirement("foo ==")


def test_exit_codes_have_an_order() -> None:
    allow, ask, unknown, block = Allow(()), Ask(()), Undetermined(()), Block(())
    assert exit_code([]) is Exit.NOTHING
    assert exit_code([allow]) is Exit.ALLOWED
    assert exit_code([allow, ask]) is Exit.ASK
    assert exit_code([ask, unknown]) is Exit.UNDETERMINED
    assert exit_code([unknown, block, ask]) is Exit.BLOCKED
