"""Whose a name is: the rows of a policy, and what they let an index serve."""

from __future__ import annotations

import pytest

from stockade.decide.indexes import may_redirect, rule, serving, under
from stockade.decide.policy import Policy, Serves
from stockade.decide.policyfile import parse_policy
from stockade.decide.policytext import explain
from stockade.errors import BadPolicy
from stockade.model.project import ProjectName

TEXT = """
public-names = ["names.txt"]

[[indexes]]
url = "https://packages.example/simple/"
names = ["Acme_*", "billing"]

[[indexes]]
url = "https://mirror.example/simple"
names = ["acme-public-*", "*"]

[[indexes]]
url = "https://other.example/simple"
names = ["acme-public-*"]
"""


def policy() -> Policy:
    return parse_policy(TEXT, source="stockade.toml")


@pytest.mark.parametrize(
    ("name", "hosts"),
    [
        ("acme-core", ["packages"]),
        ("billing", ["packages"]),
        ("billing-more", ["mirror"]),
        ("acmecore", ["mirror"]),
        ("acme-public-data", ["mirror", "other"]),
        ("requests", ["mirror"]),
    ],
)
def test_the_row_that_names_most_of_it_holds(name: str, hosts: list[str]) -> None:
    urls = serving(policy(), ProjectName(name))
    assert [url.split("//")[1].split(".")[0] for url in urls] == hosts


def test_where_nothing_is_said_any_index_may() -> None:
    assert serving(Policy(), ProjectName("acme-core")) == ()
    assert rule(Policy())(ProjectName("acme-core")) is None


def test_an_exact_name_beats_every_prefix() -> None:
    first = Serves(url="https://a.example", names=("acme-core*",))
    rows = (first, Serves(url="https://b.example", names=("acme-core",)))
    assert serving(Policy(indexes=rows), ProjectName("acme-core")) == ("https://b.example",)
    assert serving(Policy(indexes=rows), ProjectName("acme-cores")) == ("https://a.example",)


def test_what_a_rule_says_of_an_url() -> None:
    may = rule(policy())(ProjectName("acme-core"))
    assert may is not None
    assert may("https://packages.example/simple")
    assert may("https://packages.example/simple/acme-core/")
    assert not may("https://packages.example/simple-evil")
    assert not may("https://packages.example.evil.example/simple")
    assert not may("https://mirror.example/simple")
    assert not may("")


def test_under_is_no_mere_beginning() -> None:
    assert under("https://a.example/x/", "https://a.example/x")
    assert not under("https://a.example/xy", "https://a.example/x")


def test_what_is_shown_reads_back() -> None:
    shown = explain(policy())
    again = parse_policy(shown, source="stockade.toml")
    assert (again.indexes, again.public_names) == (policy().indexes, policy().public_names)
    assert policy().indexes[0].names == ("acme-*", "billing")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("indexes = 1", "must be a list of tables"),
        ("[indexes]\nurl = 'https://a.example'", "must be a list of tables"),
        ("[[indexes]]\nurl = 'https://a.example'", "must be tables with url, names"),
        ("[[indexes]]\nurl = 'https://a.example'\nnames = ['a']\nmore = 1", "must be tables with url, names"),
        ("[[indexes]]\nurl = 'a.example'\nnames = ['a']", "url must be that of an index"),
        ("[[indexes]]\nurl = 'https://me:secret@a.example/'\nnames = ['a']", "without a login"),
        ("[[indexes]]\nurl = 'https://a.example'\nnames = []", "must hold a name"),
        ("[[indexes]]\nurl = 'https://a.example'\nnames = 'acme'", "must be a list of strings"),
        ("[[indexes]]\nurl = 'https://a.example'\nnames = ['a b']", "must be names, or prefixes"),
        ("[[indexes]]\nurl = 'https://a.example'\nnames = ['a*b*']", "must be names, or prefixes"),
        ("public-names = 'x'", "must be a list of strings"),
        ("redirect-hosts = 'x'", "must be a list of strings"),
        ("redirect-hosts = ['https://a.example']", "must be hosts without a scheme or a port"),
        ("redirect-hosts = ['a.example:443']", "must be hosts without a scheme or a port"),
        ("redirect-hosts = ['a.*']", "must be hosts without a scheme or a port"),
        ("redirect-host = []", "did you mean redirect-hosts"),
    ],
)
def test_a_mistake_is_named(text: str, said: str) -> None:
    with pytest.raises(BadPolicy, match=said):
        parse_policy(text, source="stockade.toml")


@pytest.mark.parametrize(
    ("text", "may", "may_not"),
    [
        ("", ["a.example", "::1"], []),
        ("redirect-hosts = []", [], ["a.example", ""]),
        (
            "redirect-hosts = ['Files.Example', '::1']",
            ["files.example", "FILES.example", "::1"],
            ["a.files.example"],
        ),
        ("redirect-hosts = ['*.a.example']", ["x.a.example", "x.y.A.example"], ["a.example", "xa.example"]),
    ],
)
def test_whither_an_index_may_redirect(text: str, may: list[str], may_not: list[str]) -> None:
    made = parse_policy(text, source="stockade.toml")
    again = parse_policy(explain(made), source="stockade.toml")
    for one in (made, again):
        assert all(may_redirect(one, host) for host in may)
        assert not any(may_redirect(one, host) for host in may_not)
