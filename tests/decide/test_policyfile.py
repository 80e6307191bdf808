"""The policy file: every key is read, every mistake is named, and what is shown reads back."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade.decide.policy import DEFAULT_RULES, Action, Condition, DetectorRule, Mode, Policy, Thresholds
from stockade.decide.policyfile import duration, line_of, parse_policy, spell
from stockade.decide.policytext import explain
from stockade.errors import BadPolicy

FULL = """\
version = 1
mode = "monitor"
minimum-age = "36h"

[thresholds]
block = 0.9
ask = 0.5

[rules]
yanked = "block"
limit = "ask"

[detectors]
far-right-code = "ignore"
reverse-shell = "block"

[gaps]
accept = ["encrypted"]

[waivers]
allowed = false
max-days = 14

[yara]
rules = ["own.yar"]
"""


def parse(text: str) -> Policy:
    return parse_policy(text, source="stockade.toml")


def test_every_key_is_read() -> None:
    policy = parse(FULL)
    assert policy.source == "stockade.toml"
    assert policy.mode is Mode.MONITOR
    assert policy.minimum_age == timedelta(hours=36)
    assert (policy.block, policy.ask) == (0.9, 0.5)
    assert policy.rules == {**DEFAULT_RULES, Condition.YANKED: Action.BLOCK, Condition.LIMIT: Action.ASK}
    assert policy.detectors == {"far-right-code": DetectorRule.IGNORE, "reverse-shell": DetectorRule.BLOCK}
    assert policy.accepted_gaps == ("encrypted",)
    assert not policy.waivers_allowed
    assert policy.waiver_days == 14
    assert policy.yara_rules == ("own.yar",)
    assert {"mode", "minimum-age", "rules.yanked", "thresholds.ask", "waivers.max-days"} <= policy.given
    assert "rules" not in policy.given and "rules.flagged" not in policy.given


def test_an_empty_file_is_the_default() -> None:
    assert parse("") == Policy(source="stockade.toml")


def test_every_condition_has_a_default() -> None:
    assert set(DEFAULT_RULES) == set(Condition)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nmod = 1", "stockade.toml, line 2: mod is not a key of a policy; did you mean mode?"),
        ("zzzzzz = 1", "valid here: version, mode,"),
        ("[rules]\nyankd = 'block'", "line 2: rules.yankd is not a key of a policy; did you mean yanked?"),
        ("[rulez]\nyanked = 'block'", "line 1: rulez is not a key of a policy; did you mean rules?"),
        ("rules = 3", "line 1: rules must be a table, not 3"),
        ("mode = 'watch'", "mode must be one of enforce, monitor, not 'watch'"),
        ("mode = true", "mode must be one of enforce, monitor, not true"),
        ("minimum-age = 3", "minimum-age must be a duration such as"),
        ("minimum-age = '3 days'", "minimum-age must be a duration such as"),
        ("minimum-age = ''", "minimum-age must be a duration"),
        ("version = 2", "version is 2, but this Stockade reads version 1"),
        ("version = '1'", "version must be the number 1, not '1'"),
        ("version = true", "version must be the number 1, not true"),
        ("[thresholds]\nask = 0", "thresholds.ask must be a number above 0 and up to 1, not 0"),
        ("[thresholds]\nask = true", "thresholds.ask must be a number"),
        ("[thresholds]\nblock = nan", "thresholds.block must be a number"),
        ("[thresholds]\nblock = 1.01", "thresholds.block must be a number"),
        ("[thresholds]\nask = 0.9\nblock = 0.2", "line 2: thresholds.ask is 0.9, which is above"),
        (
            "[rules]\nyanked = 'deny'",
            "rules.yanked must be one of allow, ask, undetermined, block, not 'deny'",
        ),
        ("[rules]\nyanked = ['ask']", "not a list"),
        ("[detectors]\nx = {}", "detectors.x must be one of ignore, block, not a table"),
        ("gaps.accept = 'encrypted'", "gaps.accept must be a list of strings, not 'encrypted'"),
        ("gaps.accept = ['']", "gaps.accept must be a list of strings, but holds ''"),
        ("yara.rules = [1]", "yara.rules must be a list of strings, but holds 1"),
        ("waivers.allowed = 1", "waivers.allowed must be true or false, not 1"),
        ("waivers.max-days = 0", "waivers.max-days must be a whole number from 1 to 366, not 0"),
        ("waivers.max-days = true", "waivers.max-days must be a whole number"),
        ("waivers.max-days = 400", "waivers.max-days must be a whole number"),
        ("mode =", "stockade.toml is not TOML"),
        ("mode = '" + "x" * 90 + "'", "..."),
        ('"m\\u202eod" = 1', "m\\u202eod is not a key"),
    ],
)
def test_a_mistake_is_named(text: str, said: str) -> None:
    with pytest.raises(BadPolicy) as raised:
        parse(text)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value) and str(raised.value).isascii()


@pytest.mark.parametrize(
    ("start", "more"), [("mode = ", "[" * 50_000), ("version = ", "1" * 5_000)], ids=["deep", "long"]
)
def test_text_that_overtaxes_a_parser_is_a_mistake(start: str, more: str) -> None:
    with pytest.raises(BadPolicy, match=r"^stockade.toml is (nested too deeply|not TOML)"):
        parse(start + more)


def test_unknown_detectors_are_mistakes_where_the_known_are_given() -> None:
    text = "[detectors]\ninstal-shell = 'block'"
    assert parse(text).detectors == {"instal-shell": DetectorRule.BLOCK}
    with pytest.raises(BadPolicy, match="did you mean install-shell"):
        parse_policy(text, source="s", detectors=["install-shell", "import-shell"])


def test_a_table_in_pyproject() -> None:
    table = ("tool", "stockade")
    text = "[project]\nname = 'x'\n[tool.stockade]\nmode = 'monitor'\n[tool.stockade.rules]\nyankd = 'ask'\n"
    with pytest.raises(BadPolicy, match=r"pyproject.toml, line 6: rules.yankd"):
        parse_policy(text, source="pyproject.toml", table=table)
    good = parse_policy(text.replace("yankd", "yanked"), source="pyproject.toml", table=table)
    assert good.mode is Mode.MONITOR and good.rules[Condition.YANKED] is Action.ASK


@pytest.mark.parametrize("text", ["", "tool = 3", "[tool]\nstockade = 3", "[tool.stockades]", "tool ="])
def test_no_such_table(text: str) -> None:
    with pytest.raises(BadPolicy):
        parse_policy(text, source="pyproject.toml", table=("tool", "stockade"))


@pytest.mark.parametrize(
    "text", ["", FULL, '[detectors]\n"a.b" = "block"\n[gaps]\naccept = ["a\\"\\\\\\u0007\\U0001f600"]']
)
def test_what_is_shown_reads_back(text: str) -> None:
    policy = parse(text)
    again = parse_policy(explain(policy), source="stockade.toml")
    for name in Policy.__dataclass_fields__:
        if name != "given":
            assert getattr(again, name) == getattr(policy, name), name


def test_what_is_shown_says_where_it_came_from() -> None:
    lines = explain(parse('mode = "monitor"\n[rules]\nyanked = "block"')).splitlines()
    origin = {line.split(" = ")[0]: line.rsplit("# ", 1)[-1] for line in lines if " = " in line}
    assert origin["mode"] == origin["yanked"] == "file"
    assert origin["minimum-age"] == origin["flagged"] == "default"
    assert "stockade.toml" in lines[0]


def test_a_rule_that_is_missing_is_shown_as_blocking() -> None:
    assert 'flagged = "block"' in explain(Policy(rules={}))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("12h", timedelta(hours=12)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(14)),
    ],
)
def test_durations(text: str, length: timedelta) -> None:
    assert duration(text) == length
    assert spell(length) == text


@pytest.mark.parametrize("text", ["3", "d", "-1d", "1.5h", "3d ", "3D", "999999d", "٣d"])
def test_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="a duration"):
        duration(text)


@given(st.integers(0, 10**7))
@settings(max_examples=40)
def test_any_length_is_spelt_so_that_it_reads_back(minutes: int) -> None:
    length = timedelta(minutes=minutes)
    spelt = spell(length)
    if len(spelt) <= 6:
        assert duration(spelt) == length


@given(st.text(max_size=80))
@settings(max_examples=60)
def test_any_text_is_a_policy_or_an_expected_mistake(text: str) -> None:
    with suppress(BadPolicy):
        parse(text)


def test_lines_are_found_under_their_table() -> None:
    text = "[other]\nask = 1\n[ thresholds ] # x\n'ask' = 2\n"
    assert line_of(text, ("thresholds", "ask")) == 4
    assert line_of(text, ("thresholds",)) == 3
    assert line_of(text, ("thresholds", "block")) is None


def test_thresholds_give_way_to_the_policy() -> None:
    model = Thresholds(block=0.8, ask=0.4)
    assert Policy().thresholds(model) == model
    assert Policy(block=0.9).thresholds(model) == Thresholds(block=0.9, ask=0.4)
    assert Policy(block=0.3).thresholds(model) == Thresholds(block=0.3, ask=0.3)
    assert Policy(ask=0.9).thresholds(model) == Thresholds(block=0.9, ask=0.9)


def test_actions_have_an_order() -> None:
    assert (
        max([Action.ASK, Action.BLOCK, Action.ALLOW, Action.UNDETERMINED], key=lambda a: a.rank)
        is Action.BLOCK
    )
    assert Action.UNDETERMINED.rank > Action.ASK.rank > Action.ALLOW.rank


def test_an_audit_has_rules_of_its_own() -> None:
    text = '[audit]\nallow = ["Demo==1.*"]\norphan-file = "ask"'
    policy = parse_policy(text, source="p")
    assert policy.audit["orphan-file"] is Action.ASK
    assert policy.audit["changed-file"] is Action.BLOCK
    assert [str(one) for one in policy.audit_allow] == ["demo==1.*"]
    assert parse_policy(explain(policy), source="p").audit == policy.audit


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[audit]\norphan = "ask"', "did you mean orphan-file"),
        ('[audit]\norphan-file = "no"', "audit.orphan-file must be one of"),
        ('[audit]\nallow = ["a b c"]', "audit.allow holds what is no requirement"),
        ("[audit]\nallow = 1", "audit.allow must be a list of strings"),
    ],
)
def test_a_wrong_rule_of_an_audit_is_told(text: str, said: str) -> None:
    with pytest.raises(BadPolicy, match=said):
        parse_policy(text, source="p")


def test_feeds_of_advisories_are_read_and_shown() -> None:
    """Each with its kind; none at all is a choice, too."""
    text = """
[advisories]
max-age = "36h"
[[advisories.feeds]]
name = "ours"
kind = "archive"
url = "https://advisories.example/all.zip"
checksum = "https://advisories.example/SHA256SUMS"
[[advisories.feeds]]
name = "here"
kind = "folder"
url = "../our advisories"
"""
    policy = parse_policy(text, source="p")
    assert policy.feeds_age == timedelta(hours=36)
    assert [(one.name, one.kind, one.url, one.checksum) for one in policy.feeds] == [
        ("ours", "archive", "https://advisories.example/all.zip", "https://advisories.example/SHA256SUMS"),
        ("here", "folder", "../our advisories", ""),
    ]
    again = parse_policy(explain(policy), source="p")
    assert (again.feeds, again.feeds_age) == (policy.feeds, policy.feeds_age)
    none = parse_policy("[advisories]\nfeeds = []", source="p")
    assert none.feeds == () and parse_policy(explain(none), source="p").feeds == ()
    assert [one.name for one in Policy().feeds] == ["osv"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("3", "must be a list of tables"),
        ("[3]", "must be tables with name, kind, url"),
        ('[{name = "a", kind = "osv"}]', "must be tables with"),
        ('[{name = "a", kind = "osv", url = "x", more = 1}]', "must be tables with"),
        ('[{name = "../a", kind = "osv", url = "x"}]', "name must be a short one"),
        ('[{name = 1, kind = "osv", url = "x"}]', "name must be a short one"),
        ('[{name = "a", kind = "rss", url = "x"}]', "must be one of osv, archive, folder"),
        ('[{name = "a", kind = "osv", url = ""}]', "must be addresses"),
        ('[{name = "a", kind = "osv", url = 3}]', "must be addresses"),
        ('[{name = "a", kind = "osv", url = "https://user:word@feeds.example/"}]', "without a login"),
        ('[{name = "a", kind = "osv", url = "ftp://feeds.example/"}]', "must be addresses"),
        ('[{name = "a", kind = "osv", url = "x", checksum = "git://feeds.example"}]', "must be addresses"),
        (
            '[{name = "a", kind = "osv", url = "x"}, {name = "a", kind = "osv", url = "y"}]',
            "two feeds named a",
        ),
    ],
)
def test_a_feed_that_cannot_be_one_is_named(row: str, expected: str) -> None:
    with pytest.raises(BadPolicy, match=expected):
        parse_policy(f"[advisories]\nfeeds = {row}", source="p")
