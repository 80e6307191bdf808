"""Who may be in an environment: locks, requirements with what they bring, baselines, the policy's own list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stockade.decide.auditing import Authority, advised, oddities, stands
from stockade.decide.policy import Action, Policy
from stockade.model.advisory import Advisory, Match
from stockade.model.audit import Finding
from stockade.model.environment import Installed, Oddity, Oddness, Origin
from stockade.model.project import ProjectName, Release, Requirement, requirement

POLICY = Policy()
MARKERS = {
    "python_version": "3.11",
    "python_full_version": "3.11.4",
    "sys_platform": "linux",
    "os_name": "posix",
}
AT = datetime(2030, 1, 8, 14, 2, tzinfo=UTC)


def installed(name: str, version: str = "1.0", *requires: str, **more: object) -> Installed:
    one = Installed(
        name=ProjectName(name),
        version=version,
        folder=f"/env/{name}-{version}.dist-info",
        site="/env",
        requires=requires,
    )
    return replace(one, **more)  # type: ignore[arg-type] # each is a field of its own type


def asked(*texts: str) -> tuple[Requirement, ...]:
    return tuple(requirement(text) for text in texts)


def lock(*texts: str, **more: object) -> Authority:
    return Authority(source="uv.lock", wanted=asked(*texts), **more)  # type: ignore[arg-type] # as above


def found(
    here: list[Installed], *authorities: Authority, policy: Policy = POLICY
) -> list[tuple[str, str, str]]:
    return [(one.kind, one.project, one.action) for one in stands(here, authorities, policy, MARKERS)]


def test_where_nothing_says_what_may_be_here_nobody_is_unauthorised() -> None:
    assert found([installed("demo")]) == []


def test_what_no_lock_names_is_unauthorised_and_told_with_who_and_when() -> None:
    one = installed("stranger", installer="pip", at=AT)
    (finding,) = stands([one, installed("demo")], [lock("demo==1.0")], POLICY, MARKERS)
    assert finding == Finding(
        kind="unauthorised",
        action="block",
        project="stranger",
        version="1.0",
        path="/env/stranger-1.0.dist-info",
        detail="not in uv.lock; put here by pip, 2030-01-08 14:02",
        fix="take it out; or, if it belongs here, have it locked, or name it in [audit] allow",
    )


def test_two_locks_authorise_together() -> None:
    here = [installed("demo"), installed("other"), installed("third")]
    both = [lock("demo==1.0"), replace(lock("other==1.0"), source="dev.lock")]
    (finding,) = stands(here, both, POLICY, MARKERS)
    assert (finding.project, finding.detail) == (
        "third",
        "not in uv.lock and dev.lock; nobody says who put it here",
    )


@pytest.mark.parametrize(
    ("version", "kind"),
    [("2.0", "changed-version"), ("0.9", "downgraded"), ("not a version", "changed-version")],
)
def test_another_version_is_changed_and_an_older_one_downgraded(version: str, kind: str) -> None:
    (finding,) = stands([installed("demo", version)], [lock("demo==1.0")], POLICY, MARKERS)
    assert finding.kind == kind
    assert finding.detail == "uv.lock has ==1.0"
    assert finding.fix == "install demo==1.0 again"


def test_a_version_that_is_none_may_be_pinned_as_it_stands() -> None:
    assert found([installed("demo", "2004d-x")], lock("demo===2004d-x")) == []


def test_what_makers_of_environments_bring_needs_no_leave_unless_policy_speaks_of_it() -> None:
    here = [installed("pip"), installed("setuptools"), installed("wheel")]
    assert found(here, lock("demo==1.0")) == []
    strict = replace(POLICY, audit_allow=asked("pip==2.0"))
    assert found(here, lock("demo==1.0"), policy=strict) == [("unauthorised", "pip", "block")]


def test_the_policy_lets_projects_be_anywhere_in_the_versions_that_it_names() -> None:
    policy = replace(POLICY, audit_allow=asked("ipython", "acme-tool==2.*"))
    here = [installed("ipython"), installed("acme-tool", "2.4"), installed("acme-tool", "3.0")]
    assert found(here, lock("demo==1.0"), policy=policy) == [("unauthorised", "acme-tool", "block")]


def test_requirements_let_in_what_they_bring_by_what_is_installed() -> None:
    here = [
        installed(
            "demo", "1.0", "brought>=1", "extra-one; extra == 'more'", "windows; sys_platform == 'win32'"
        ),
        installed("brought", "1.0", "deeper", "not a requirement at all!"),
        installed("deeper", "1.0", "demo"),
        installed("extra-one"),
        installed("windows"),
    ]
    plain = Authority(source="requirements.txt", wanted=asked("demo"), closed=False)
    assert found(here, plain) == [
        ("unauthorised", "extra-one", "block"),
        ("unauthorised", "windows", "block"),
    ]
    more = Authority(source="requirements.txt", wanted=asked("demo[more]"), closed=False)
    assert found(here, more) == [("unauthorised", "windows", "block")]
    # A lock is whole: what its entries bring stands in it, or may not be here.
    assert ("unauthorised", "brought", "block") in found(here, lock("demo==1.0"))


def test_a_marker_that_cannot_be_read_is_taken_to_hold() -> None:
    here = [installed("demo", "1.0", "brought; platform_machine ~= 'x'"), installed("brought")]
    assert found(here, Authority(source="r", wanted=asked("demo"), closed=False)) == []


def test_what_should_be_here_is_missed_where_its_marker_holds() -> None:
    wanted = lock("demo==1.0", "old==1; python_version < '3'", whole=True)
    assert found([], wanted) == [("missing", "demo", "ask")]
    assert found([], lock("demo==1.0")) == []


def test_the_own_project_and_what_came_from_the_address_that_was_asked_for_are_authorised() -> None:
    own = installed("own", origin=Origin(url="file:///srv/own", editable=True))
    assert found([own], lock("demo==1.0", project="/srv/own")) == []
    assert found([own], lock("demo==1.0", project="/srv/other")) == [("unauthorised", "own", "block")]
    spaced = installed("own", origin=Origin(url="file:///srv/my%20own", editable=True))
    assert found([spaced], lock("demo==1.0", project="/srv/my own")) == []
    there = installed("tool", origin=Origin(url="https://demo.invalid/tool-1.0.whl"))
    assert found([there], lock("tool @ https://demo.invalid/tool-1.0.whl")) == []
    assert found([there], lock("tool @ https://other.invalid/tool-1.0.whl")) == [
        ("changed-version", "tool", "ask")
    ]


def test_oddities_are_what_policy_makes_of_them() -> None:
    odd = [
        Oddity(kind=Oddness.CHANGED, path="/env/demo/a.py", project="demo", detail="other bytes"),
        Oddity(kind=Oddness.ORPHAN, path="/env/x"),
    ]
    policy = replace(POLICY, audit={**POLICY.audit, Oddness.ORPHAN: Action.ASK})
    first, second = oddities(odd, {"demo": "1.0"}, policy)
    assert (first.action, first.version, first.detail) == ("block", "1.0", "other bytes")
    assert (second.action, second.version) == ("ask", "")


def test_malicious_releases_come_before_vulnerable_ones() -> None:
    def match(name: str, *, malicious: bool, fix: str = "") -> Match:
        advisory = Advisory(
            id=f"X-{name}", project=ProjectName(name), source="t", malicious=malicious, summary="it is bad"
        )
        return Match(release=Release(name=ProjectName(name), version="1"), advisory=advisory, fix=fix)

    first, second, third = advised(
        [
            match("weak", malicious=False, fix="1.1"),
            match("evil", malicious=True),
            match("open", malicious=False),
        ],
        POLICY,
    )
    assert (first.kind, first.action, first.project, first.advisory) == (
        "malicious",
        "block",
        "evil",
        "X-evil",
    )
    assert first.fix.startswith("take it out")
    assert (second.kind, second.action, second.fix) == ("vulnerable", "ask", "upgrade to 1.1")
    assert third.fix == ""
    assert first.detail == "X-evil: it is bad"
