"""Which new malicious projects belong together: what the source says, shared indicators, else names alike on one day.

Modest on purpose. A group says on what it rests; names that are alike prove nothing, and are the last resort.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from stockade import limits
from stockade.analyse.identity.names.distance import within
from stockade.model.advisory import Advisory
from stockade.model.project import ProjectName


class Basis(StrEnum):
    """What a group rests on."""

    CAMPAIGN = "campaign"  #: its source says that they belong together
    INDICATOR = "indicator"  #: their records share a host or an address that is nobody else's
    NAMES = "names"  #: they appeared on one day, under names that are alike
    NONE = "none"  #: one project by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project with what was published about it, the oldest first."""

    name: ProjectName
    advisories: tuple[Advisory, ...]

    @property
    def first(self) -> datetime | None:
        """When the first of it was published."""
        return next((one.published for one in self.advisories if one.published), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Projects that belong together; `shared` names the campaign, or what they share. `takes` are words of
    `TAKES`, `says` what most of their records say they do."""

    basis: Basis
    shared: tuple[str, ...]
    projects: tuple[Project, ...]
    takes: tuple[str, ...]
    says: tuple[str, ...]

    @property
    def first(self) -> datetime | None:
        """When the first of it was published."""
        return min((one.first for one in self.projects if one.first), default=None)

    @property
    def last(self) -> datetime | None:
        """When the last of it was."""
        return max((one.first for one in self.projects if one.first), default=None)


#: What records say that it takes, by the words that they say it with.
TAKES: dict[str, re.Pattern[str]] = {
    word: re.compile(pattern, re.IGNORECASE)
    for word, pattern in {
        "credentials": r"\bcredentials?\b|\bpasswords?\b|\blogins?\b|info-?stealer",
        "tokens": r"\btokens?\b|\bapi[- _]?keys?\b|\bsecrets?\b",
        "environment variables": r"environment[- _]variables?|\benv[- _]vars?\b|\bos\.environ\b",
        "SSH keys": r"\bssh\b",
        "cloud keys": r"\baws\b|\bgcp\b|\bazure\b|cloud[- _](?:keys?|credentials?)",
        "wallets": r"\bwallets?\b|crypto-?currenc|\bmnemonics?\b|seed[- _]phrases?|private[- _]keys?|clipboard",
        "browser data": r"\bbrowsers?\b|\bcookies?\b",
        "files": r"files?[- _]exfiltration|exfiltrat\w+ (?:of )?files|\bdocuments?\b",
        "what the machine is": r"host-?name|system[- _]info|\bfingerprint|basic[- _]info|dependency[- _]confusion",
        "what is typed": r"key-?logg|keystrokes?",
    }.items()
}
#: Hosts that anybody may use: whoever shares one shares nothing.
_EVERYBODYS = re.compile(
    r"(?:[\w-]+\.)*(?:telegram\.org|discord(?:app)?\.com|github(?:usercontent)?\.com|gitlab\.com|gist\.github\.com"
    r"|pastebin\.com|webhook\.site|pipedream\.net|ngrok(?:-free)?\.(?:io|app|dev)|trycloudflare\.com|vercel\.app"
    r"|workers\.dev|onrender\.com|herokuapp\.com|ipinfo\.io|ipify\.org|google(?:apis)?\.com|dropbox\.com"
    r"|transfer\.sh|file\.io|gofile\.io|requestbin\.net|beeceptor\.com|localhost)|127\.\d+\.\d+\.\d+|0\.0\.0\.0",
    re.IGNORECASE,
)
_SHORTEST, _EDITS, _PIECE = 5, 2, 3


@dataclass(slots=True)
class _Sets:
    """Disjoint sets of numbers (Tarjan 1975)."""

    parent: list[int] = field(default_factory=list)

    def root(self, one: int) -> int:
        while self.parent[one] != one:
            self.parent[one] = self.parent[self.parent[one]]
            one = self.parent[one]
        return one

    def join(self, one: int, other: int) -> bool:
        """Whether they were apart."""
        first, second = self.root(one), self.root(other)
        self.parent[max(first, second)] = min(first, second)
        return first != second


def projects(advisories: Iterable[Advisory]) -> tuple[Project, ...]:
    """Each project once, however many feeds tell of it; by name."""
    found: dict[ProjectName, list[Advisory]] = defaultdict(list)
    for one in advisories:
        if one.malicious and one.withdrawn is None:
            found[one.project].append(one)
    return tuple(
        Project(name=name, advisories=tuple(sorted(found[name], key=_age))) for name in sorted(found)
    )


def groups(new: Sequence[Project]) -> tuple[Group, ...]:
    """`new` in groups, the largest first, then the newest."""
    sets = _Sets(list(range(len(new))))
    basis: dict[int, Basis] = {}
    shared: dict[int, Counter[str]] = defaultdict(Counter)
    for kind, keys in ((Basis.CAMPAIGN, _campaigns), (Basis.INDICATOR, _indicators)):
        by_key: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(new):
            for key in keys(one):
                by_key[key].append(number)
        for key, numbers in by_key.items():
            for number in numbers:
                if kind is Basis.CAMPAIGN or len(numbers) > 1:
                    sets.join(numbers[0], number)
                    basis.setdefault(number, kind)
                    shared[number][key] += 1
    for left, right in _alike(new, basis.keys()):
        if sets.join(left, right):
            basis.setdefault(left, Basis.NAMES)
            basis.setdefault(right, Basis.NAMES)
    together: dict[int, list[int]] = defaultdict(list)
    for number in range(len(new)):
        together[sets.root(number)].append(number)
    made = (_group([new[one] for one in many], many, basis, shared) for many in together.values())
    return tuple(sorted(made, key=_place))


def _group(
    members: list[Project], numbers: list[int], basis: dict[int, Basis], shared: dict[int, Counter[str]]
) -> Group:
    order = list(Basis)
    kind = min((basis.get(one, Basis.NONE) for one in numbers), key=order.index)
    counted: Counter[str] = Counter()
    for number in numbers:
        if basis.get(number) is kind:
            counted += shared[number]
    texts = [
        text for one in members for each in one.advisories for text in (*each.reasons, each.summary) if text
    ]
    said = Counter(
        text for one in members for text in {text for each in one.advisories for text in each.reasons}
    )
    if not said:
        said = Counter(each.summary for one in members for each in one.advisories[:1] if each.summary)
    return Group(
        basis=kind,
        shared=tuple(key for key, _ in counted.most_common(limits.MAX_NEWS_SHARED)),
        projects=tuple(members),
        takes=tuple(word for word, told in TAKES.items() if any(told.search(text) for text in texts)),
        # Sorted, since of those that are said as often none comes first by itself.
        says=tuple(sorted(said, key=lambda text: (-said[text], text))[: limits.MAX_NEWS_SAID]),
    )


def _place(group: Group) -> tuple[object, ...]:
    last = group.last or datetime.min.replace(tzinfo=UTC)
    return -len(group.projects), -last.timestamp() if group.last else 0.0, group.projects[0].name


def _age(one: Advisory) -> tuple[datetime, str]:
    return one.published or datetime.min.replace(tzinfo=UTC), one.id


def _campaigns(project: Project) -> Iterator[str]:
    yield from dict.fromkeys(key for one in project.advisories for key in one.campaign)


def _indicators(project: Project) -> Iterator[str]:
    found = dict.fromkeys(key.strip().rstrip("/") for one in project.advisories for key in one.indicators)
    yield from (key for key in found if key and not _EVERYBODYS.fullmatch(key))


def _alike(new: Sequence[Project], settled: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Pairs of names within two edits that appeared on one day. Both begin or end alike, which all but few such do."""
    taken = set(settled)
    places: dict[tuple[object, str, str], list[int]] = defaultdict(list)
    for number, one in enumerate(new):
        name = one.name.replace("-", "")
        if number in taken or one.first is None or len(name) < _SHORTEST:
            continue
        day = one.first.astimezone(UTC).date()
        places[day, "begins", name[:_PIECE]].append(number)
        places[day, "ends", name[-_PIECE:]].append(number)
    for many in places.values():
        some = many[: limits.MAX_NEWS_ALIKE]
        texts = {number: new[number].name.replace("-", "") for number in some}
        for place, left in enumerate(some):
            for right in some[place + 1 :]:
                short = min(len(texts[left]), len(texts[right])) <= _SHORTEST + 2
                limit = 1 if short else _EDITS
                if within(texts[left], texts[right], limit) <= limit:
                    yield left, right
