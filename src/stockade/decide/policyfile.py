"""Reads a policy from TOML text; policytext.py writes the effective one back.

Strict: what this file does not know is an error that names the key, its line and the closest valid one,
because a policy that silently ignores a misspelt key protects nobody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from stockade.decide.policy import ANY, Action, Condition, DetectorRule, Exempt, Mode, Policy, Serves
from stockade.decide.toml import load
from stockade.errors import BadPolicy, BadRequirement
from stockade.model.advisory import Feed, FeedKind
from stockade.model.audit import Standing
from stockade.model.credential import Fault
from stockade.model.environment import Oddness
from stockade.model.project import project_name, requirement

VERSION = 1
_TOP = (
    *("version", "mode", "minimum-age", "cooldown", "thresholds", "rules", "detectors", "gaps", "waivers"),
    *("yara", "indexes", "public-names", "redirect-hosts", "reference", "provenance", "audit", "advisories"),
    "credentials",
)
_COOLDOWN = ("first-week", "first-week-age", "fixes", "exempt")
_FEED = ("name", "kind", "url", "checksum")
_FEED_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
#: An address as _URL has them, or a path: no other scheme, no control characters.
_PLACE = re.compile(
    r"(?:https?://[^\s@/?#]+|file://)(?:/[^\s@?#]*)?|(?![A-Za-z][A-Za-z0-9+.-]*://)[^\x00-\x1f\x7f]*"
)
_EXEMPT = ("project", "until", "because")
_URL = re.compile(r"(?:https?://[^\s@/?#]+|file://)(?:/[^\s@?#]*)?")
_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+")
_DURATION = re.compile(r"([0-9]{1,5})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_HEADER = re.compile(r"\s*\[+([^\]]+)\]+\s*(#.*)?")
_MAX_WAIVER_DAYS = 366

E = TypeVar("E", bound=StrEnum)


def parse_policy(
    text: str, *, source: str, table: tuple[str, ...] = (), detectors: Collection[str] | None = None
) -> Policy:
    """The policy in `text` (TOML); `source` names it in messages.

    `table` is where it stands: () for stockade.toml, ("tool", "stockade") for pyproject.toml. `detectors`
    are the known detector ids, or None to take any. Raises BadPolicy, in one sentence, for anything that
    is not exactly a policy.
    """
    return _Reader(text, source, table, detectors).policy()


def duration(raw: str) -> timedelta:
    """`raw` as 30m, 12h, 3d or 2w; raises ValueError with what is expected."""
    found = _DURATION.fullmatch(raw)
    if not found:
        raise ValueError('a duration such as "30m", "12h", "3d" or "2w"')
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def spell(length: timedelta) -> str:
    """The shortest spelling that `duration` reads back; whole minutes."""
    minutes = int(length.total_seconds()) // 60
    for unit, size in (("w", 7 * 24 * 60), ("d", 24 * 60), ("h", 60)):
        if minutes and minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


class _Reader:
    """One pass over one document; knows where it is, so that each message can say so."""

    def __init__(
        self, text: str, source: str, table: tuple[str, ...], detectors: Collection[str] | None
    ) -> None:
        self.text, self.source, self.table, self.detectors = text, source, table, detectors
        self.given: set[str] = set()

    def policy(self) -> Policy:
        root = self._root()
        self._known(root, (), _TOP)
        self._version(root)
        policy = Policy(source=self.source)
        if "mode" in root:
            policy = replace(policy, mode=self._choice(root["mode"], ("mode",), Mode))
        if "minimum-age" in root:
            policy = replace(policy, minimum_age=self._duration(root["minimum-age"], ("minimum-age",)))
        policy = self._cooldown(policy, self._section(root, "cooldown", _COOLDOWN))
        policy = self._thresholds(policy, self._section(root, "thresholds", ("block", "ask")))
        policy = self._rules(policy, self._section(root, "rules", tuple(Condition)))
        policy = self._audit(policy, self._section(root, "audit", (*Standing, *Oddness, "allow")))
        policy = self._credentials(policy, self._section(root, "credentials", (*Fault, "max-age")))
        policy = self._advisories(policy, self._section(root, "advisories", ("max-age", "feeds")))
        policy = self._detectors(policy, self._section(root, "detectors", self.detectors))
        policy = self._lists(policy, root)
        policy = self._provenance(policy, self._section(root, "provenance", ("verify", "trusted-root")))
        policy = self._indexes(policy, root)
        counts = self._section(root, "reference", ("counts",)).get("counts", policy.counts)
        if not isinstance(counts, str):
            raise self._fail(("reference", "counts"), f"must be an address or a file, not {_called(counts)}")
        policy = replace(policy, counts=counts)
        policy = self._waivers(policy, self._section(root, "waivers", ("allowed", "max-days")))
        return replace(policy, given=frozenset(self.given))

    def _root(self) -> Mapping[str, Any]:
        node: Any = load(self.text, self.source)
        for depth, name in enumerate(self.table, 1):
            if not isinstance(node, Mapping) or name not in node:
                raise BadPolicy(f"{self.source} has no table [{'.'.join(self.table)}]")
            node = node[name]
            if not isinstance(node, Mapping):
                raise BadPolicy(f"{self.source}: {'.'.join(self.table[:depth])} must be a table")
        return node  # type: ignore[no-any-return] # narrowed above, or tomllib's own dict

    def _fail(self, key: tuple[str, ...], problem: str) -> BadPolicy:
        line = line_of(self.text, (*self.table, *key))
        where = f"{self.source}, line {line}" if line else self.source
        return BadPolicy(f"{where}: {plain('.'.join(key))} {problem}")

    def _known(self, node: Mapping[str, Any], at: tuple[str, ...], valid: Collection[str]) -> None:
        for name in node:
            if name in valid:
                if not isinstance(node[name], Mapping):
                    self.given.add(".".join((*at, name)))
                continue
            import difflib

            close = difflib.get_close_matches(name, valid, n=1, cutoff=0.5)
            advice = f"did you mean {close[0]}?" if close else f"valid here: {', '.join(valid)}"
            raise self._fail((*at, name), f"is not a key of a policy; {advice}")

    def _section(
        self, root: Mapping[str, Any], name: str, valid: Collection[str] | None
    ) -> Mapping[str, Any]:
        node = root.get(name, {})
        if not isinstance(node, Mapping):
            raise self._fail((name,), f"must be a table, not {_called(node)}")
        self._known(node, (name,), tuple(node) if valid is None else valid)
        return node

    def _version(self, root: Mapping[str, Any]) -> None:
        version = root.get("version", VERSION)
        if not isinstance(version, int) or isinstance(version, bool):
            raise self._fail(("version",), f"must be the number {VERSION}, not {_called(version)}")
        if version != VERSION:
            raise self._fail(("version",), f"is {version}, but this Stockade reads version {VERSION}")

    def _choice(self, value: Any, key: tuple[str, ...], kind: type[E]) -> E:
        try:
            if isinstance(value, str):
                return kind(value)
        except ValueError:
            pass
        raise self._fail(key, f"must be one of {', '.join(kind)}, not {_called(value)}")

    def _duration(self, value: Any, key: tuple[str, ...]) -> timedelta:
        try:
            if isinstance(value, str):
                return duration(value)
        except ValueError:
            pass
        raise self._fail(key, f'must be a duration such as "30m", "12h", "3d" or "2w", not {_called(value)}')

    def _cooldown(self, policy: Policy, node: Mapping[str, Any]) -> Policy:
        at = "cooldown"
        if "first-week" in node:
            policy = replace(policy, first_week=self._duration(node["first-week"], (at, "first-week")))
        if "first-week-age" in node:
            length = self._duration(node["first-week-age"], (at, "first-week-age"))
            policy = replace(policy, first_age=length)
        fixes = node.get("fixes", policy.cooldown_fixes)
        if not isinstance(fixes, bool):
            raise self._fail((at, "fixes"), f"must be true or false, not {_called(fixes)}")
        rows = node.get("exempt", [])
        if not isinstance(rows, list):
            raise self._fail((at, "exempt"), f"must be a list of tables, not {_called(rows)}")
        return replace(policy, cooldown_fixes=fixes, exempt=tuple(map(self._exempt, rows)))

    def _exempt(self, row: Any) -> Exempt:
        """One project that needs no cooldown; a day without an hour ends when it begins, in UTC."""
        key = ("cooldown", "exempt")
        if not isinstance(row, Mapping) or set(row) != set(_EXEMPT):
            raise self._fail(key, f"must be tables with {', '.join(_EXEMPT)}, and nothing else")
        until, because = row["until"], row["because"]
        if isinstance(until, date) and not isinstance(until, datetime):
            until = datetime(until.year, until.month, until.day, tzinfo=UTC)
        if not isinstance(until, datetime) or until.tzinfo is None:
            raise self._fail(key, "until must be a day, or a time with a zone, such as 2030-01-31")
        if not isinstance(because, str) or not any(map(str.isalpha, because)):
            raise self._fail(key, "because must say why, in words")
        try:
            return Exempt(project=project_name(str(row["project"])), until=until, because=because)
        except BadRequirement as why:
            raise self._fail(key, f"names no project: {plain(str(why))}") from None

    def _thresholds(self, policy: Policy, node: Mapping[str, Any]) -> Policy:
        for name, value in node.items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not 0 < value <= 1:
                problem = f"must be a number above 0 and up to 1, not {_called(value)}"
                raise self._fail(("thresholds", name), problem)
        block, ask = node.get("block"), node.get("ask")
        if block is not None and ask is not None and ask > block:
            raise self._fail(("thresholds", "ask"), f"is {ask}, which is above thresholds.block ({block})")
        return replace(policy, block=block, ask=ask)

    def _rules(self, policy: Policy, node: Mapping[str, Any]) -> Policy:
        rules = dict(policy.rules)
        for name, value in node.items():
            rules[Condition(name)] = self._choice(value, ("rules", name), Action)
        return replace(policy, rules=rules)

    def _audit(self, policy: Policy, node: Mapping[str, Any]) -> Policy:
        rules, allowed = dict(policy.audit), []
        for name, value in node.items():
            if name != "allow":
                rules[name] = self._choice(value, ("audit", name), Action)
        for text in self._strings(node.get("allow", []), ("audit", "allow")):
            try:
                allowed.append(requirement(text, origin=self.source))
            except BadRequirement as why:
                raise self._fail(
                    ("audit", "allow"), f"holds what is no requirement: {plain(str(why))}"
                ) from None
        return replace(policy, audit=rules, audit_allow=tuple(allowed))

    def _credentials(self, policy: Policy, node: Mapping[str, Any]) -> Policy:
        rules = dict(policy.credentials)
        for name, value in node.items():
            if name != "max-age":
                rules[name] = self._choice(value, ("credentials", name), Action)
        if "max-age" in node:
            age = self._duration(node["max-age"], ("credentials", "max-age"))
            policy = replace(policy, credentials_age=age)
        return replace(policy, credentials=rules)

    def _advisories(self, policy: Policy, node: Mapping[str, Any]) -> Policy:
        if "max-age" in node:
            policy = replace(policy, feeds_age=self._duration(node["max-age"], ("advisories", "max-age")))
        if "feeds" not in node:
            return policy
        rows = node["feeds"]
        if not isinstance(rows, list):
            raise self._fail(("advisories", "feeds"), f"must be a list of tables, not {_called(rows)}")
        found = tuple(map(self._feed, rows))
        names = [one.name for one in found]
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise self._fail(("advisories", "feeds"), f"has two feeds named {twice}")
        return replace(policy, feeds=found)

    def _feed(self, row: Any) -> Feed:
        """One source of advisories; its name becomes that of a file."""
        key = ("advisories", "feeds")
        if not isinstance(row, Mapping) or not set(_FEED) >= set(row) >= {"name", "kind", "url"}:
            raise self._fail(key, "must be tables with name, kind, url, and checksum if there is one")
        name, url, checksum = row["name"], row["url"], row.get("checksum", "")
        if not isinstance(name, str) or not _FEED_NAME.fullmatch(name):
            problem = f"name must be a short one, of lower-case letters, digits, dashes, not {_called(name)}"
            raise self._fail(key, problem)
        kind = self._choice(row["kind"], key, FeedKind)
        for place, empty in ((url, False), (checksum, True)):
            if not isinstance(place, str) or not (place or empty) or not _PLACE.fullmatch(place):
                problem = (
                    f"url and checksum must be addresses without a login, or paths, not {_called(place)}"
                )
                raise self._fail(key, problem)
        return Feed(name=name, kind=kind, url=url, checksum=checksum)

    def _detectors(self, policy: Policy, node: Mapping[str, Any]) -> Policy:
        chosen = {
            name: self._choice(value, ("detectors", name), DetectorRule) for name, value in node.items()
        }
        return replace(policy, detectors=chosen)

    def _lists(self, policy: Policy, root: Mapping[str, Any]) -> Policy:
        gaps = self._section(root, "gaps", ("accept",)).get("accept", [])
        yara = self._section(root, "yara", ("rules",)).get("rules", [])
        return replace(
            policy,
            accepted_gaps=self._strings(gaps, ("gaps", "accept")),
            yara_rules=self._strings(yara, ("yara", "rules")),
        )

    def _indexes(self, policy: Policy, root: Mapping[str, Any]) -> Policy:
        public = self._strings(root.get("public-names", []), ("public-names",))
        rows = root.get("indexes", [])
        if not isinstance(rows, list):
            raise self._fail(("indexes",), f"must be a list of tables, not {_called(rows)}")
        hosts = policy.redirect_hosts
        if "redirect-hosts" in root:
            hosts = tuple(map(self._host, self._strings(root["redirect-hosts"], ("redirect-hosts",))))
        return replace(
            policy,
            public_names=public,
            redirect_hosts=hosts,
            indexes=tuple(map(self._serves, rows)),
        )

    def _host(self, text: str) -> str:
        if text != ANY and not _HOST.fullmatch(text):
            problem = f'must be hosts without a scheme or a port, *.HOST or "*", not {_called(text)}'
            raise self._fail(("redirect-hosts",), problem)
        return text.lower()

    def _serves(self, row: Any) -> Serves:
        """One index and the names that are its own."""
        key = ("indexes",)
        if not isinstance(row, Mapping) or set(row) != {"url", "names"}:
            raise self._fail(key, "must be tables with url, names, and nothing else")
        url = row["url"]
        if not isinstance(url, str) or not _URL.fullmatch(url):
            problem = (
                f"url must be that of an index, http, https or file and without a login, not {_called(url)}"
            )
            raise self._fail(key, problem)
        names = self._strings(row["names"], (*key, "names"))
        if not names:
            raise self._fail(key, "names must hold a name, or a prefix such as acme-*")
        return Serves(url=url, names=tuple(self._pattern(name) for name in names))

    def _pattern(self, text: str) -> str:
        """A normalised name, or a prefix; ``acme-*`` and ``acme.*`` are one."""
        prefix = text.removesuffix("*")
        if prefix == text:
            try:
                return project_name(text)
            except BadRequirement:
                pass
        elif not prefix or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", prefix):
            return re.sub(r"[-_.]+", "-", prefix).lower() + "*"
        raise self._fail(
            ("indexes", "names"), f"must be names, or prefixes such as acme-*, not {_called(text)}"
        )

    def _strings(self, value: Any, key: tuple[str, ...]) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise self._fail(key, f"must be a list of strings, not {_called(value)}")
        for one in value:
            if not isinstance(one, str) or not one.strip():
                raise self._fail(key, f"must be a list of strings, but holds {_called(one)}")
        return tuple(value)

    def _provenance(self, policy: Policy, node: Mapping[str, Any]) -> Policy:
        verify = node.get("verify", policy.provenance)
        if not isinstance(verify, bool):
            raise self._fail(("provenance", "verify"), f"must be true or false, not {_called(verify)}")
        root = node.get("trusted-root", policy.trusted_root)
        if not isinstance(root, str):
            raise self._fail(("provenance", "trusted-root"), f"must be a file, not {_called(root)}")
        return replace(policy, provenance=verify, trusted_root=root)

    def _waivers(self, policy: Policy, node: Mapping[str, Any]) -> Policy:
        allowed = node.get("allowed", policy.waivers_allowed)
        if not isinstance(allowed, bool):
            raise self._fail(("waivers", "allowed"), f"must be true or false, not {_called(allowed)}")
        days = node.get("max-days", policy.waiver_days)
        if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _MAX_WAIVER_DAYS:
            problem = f"must be a whole number from 1 to {_MAX_WAIVER_DAYS}, not {_called(days)}"
            raise self._fail(("waivers", "max-days"), problem)
        return replace(policy, waivers_allowed=allowed, waiver_days=days)


def plain(text: str) -> str:
    """ASCII only: a key or a path may come with a checked-out project that nobody has vetted."""
    return ascii(text)[1:-1]


def _called(value: Any) -> str:
    """A wrong value, named for a person: short, quoted, and never a line break."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list):
        return "a list"
    text = ascii(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """The line (from 1) that sets the dotted key `path`, or None where a plain look does not find it."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.fullmatch(line)
        if header:
            table = _dotted(header[1])
            if table == path:
                return number
        elif "=" in line and (*table, *_dotted(line.split("=", 1)[0])) == path:
            return number
    return None


def _dotted(raw: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in raw.split("."))
