"""Is this somebody else's known project under another name, and what of it is not theirs?

Each function of the artifact is looked up in the reference; the project that has most of them, by size, is the
original if that is most of the artifact. Functions that too many projects have (boilerplate), and what lies in a folder
for other people's code, count neither way. A project's own releases, where the reference knows them, are no clones of
another that copied from it.

The reference accuses, it never acquits: from here comes evidence, and nothing takes any away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stockade import limits
from stockade.analyse.identity.family import family, siblings
from stockade.analyse.identity.holdings import NOBODYS, Holding, Holdings, above
from stockade.analyse.identity.reference import Reference
from stockade.analyse.identity.shape import package_hash
from stockade.model.artifact import Member
from stockade.model.clone import Clone, Differs

#: From this share on an artifact is called a copy.
SHARE = 0.5
#: Less shared code than this, normalised, is anybody's: ten functions of five lines.
SIZE, FUNCTIONS = 2_000, 8
#: Owners of one top-level name; a name that more projects use is a namespace, or nobody's.
SHARED = 2
#: Code that more projects than these have, of different names, is a generator's or everybody's.
COMMON = 4
#: Of the original, at least so much must be there: a project that holds a copy of one file is not what that file is.
CONTAINED = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """The artifact installs `file` at `path`, in a package that the known project `owner` installs."""

    path: str
    file: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """How an artifact stands to the projects of a reference. `project` is the name that it claims, normalised; with
    `leave_out` what the reference knows of that project is not used, as if it weren't known."""

    reference: Reference
    project: str
    leave_out: bool = False

    @property
    def own(self) -> int | None:
        """The number of the artifact's own project, if the reference knows it and it counts."""
        return None if self.leave_out else self.reference.by_name.get(self.project)

    def owners(self, number: int) -> tuple[int, ...] | None:
        """Reference.owners, without the project that is left out."""
        found = self.reference.owners(number)
        if found and self.leave_out:
            mine = self.reference.by_name.get(self.project)
            return tuple(one for one in found if one != mine)
        return found


def clone_of(holdings: Holdings, whose: Whose, read: Callable[[Member], bytes | None]) -> Clone | None:
    """The known project that `holdings` is a copy of, or None. `read` gives a member's content once more, or None
    where that would cost too much; then it is only said that there is more.
    """
    tally = _Tally(whose)
    for one in holdings.files:
        tally.add(one)
    found = tally.best()
    if found is None:
        return None
    number, share = found
    project = whose.reference.projects[number]
    differs: list[Differs] = []
    more = False
    known = functions = 0
    for one in holdings.files:
        unknown, counted = tally.unknown(one, number)
        functions += counted
        known += counted - sum(function for _, function in unknown)
        if unknown and len(differs) <= limits.MAX_DIFFERS:
            data = read(one.member)
            differs += _differing(one, {value for value, _ in unknown}, data or b"")
            more = more or data is None
    tops = Counter(one.member.path.partition("/")[0] for one in holdings.files if not one.aside)
    return Clone(
        where=max(tops, key=lambda top: (tops[top], top)),
        project=project.name,
        versions=project.versions,
        share=share,
        known=known,
        functions=functions,
        differs=tuple(differs[: limits.MAX_DIFFERS]),
        more=more or holdings.full or len(differs) > limits.MAX_DIFFERS,
        family=family(whose.project, project.name),
    )


class _Tally:
    """How much of an artifact each project has, by bytes of functions."""

    def __init__(self, whose: Whose) -> None:
        self._whose = whose
        self._own = whose.own
        self._sizes: Counter[int] = Counter()
        self._counts: Counter[int] = Counter()
        self._total = 0
        self._owners: dict[int, tuple[int, ...] | None] = {}
        self._partial = {number for number, project in enumerate(whose.reference.projects) if project.partial}

    def owners(self, value: int) -> tuple[int, ...] | None:
        """Whose it is; asked of the reference once."""
        if value not in self._owners:
            self._owners[value] = self._whose.owners(value)
        return self._owners[value]

    def add(self, one: Holding) -> None:
        """Count one file's functions, unless they are other people's or everybody's."""
        if one.aside:
            return
        whole = self._whole(one)
        for value, size, function in one.parts:
            owners = self.owners(value) if function else None
            if owners is None or len(owners) > COMMON:
                continue
            self._total += size
            if self._own in owners or self._own in whole:
                continue
            for owner in {*owners, *whole}:
                self._sizes[owner] += size
                self._counts[owner] += 1

    def best(self) -> tuple[int, float] | None:
        """The project that has most, and its share, where that makes a copy."""
        projects = self._whose.reference.projects
        ranked = sorted(self._sizes, key=lambda one: (-self._sizes[one], projects[one].size, one))
        for number in ranked:
            size = self._sizes[number]
            if size < max(SIZE, SHARE * self._total):
                break
            if self._counts[number] >= FUNCTIONS and size >= CONTAINED * projects[number].size:
                return number, size / self._total
        return None

    def unknown(self, one: Holding, number: int) -> tuple[list[tuple[int, bool]], int]:
        """(hash, whether a function) of each piece of a file that `number` does not have, and how many functions
        there are in it."""
        functions = sum(function for _, _, function in one.parts)
        if number in self._whole(one) or number in (self._whose.owners(one.whole) or ()):
            return [], functions
        missing = []
        for value, _, function in one.parts:
            owners = self.owners(value)
            if owners is not None and number not in owners:
                missing.append((value, function))
        return missing, functions

    def _whole(self, one: Holding) -> tuple[int, ...]:
        """The projects of which no functions are known in this file, but the file as a whole is."""
        if not self._partial:
            return ()
        return tuple(owner for owner in self._whose.owners(one.whole) or () if owner in self._partial)


def _differing(one: Holding, unknown: set[int], data: bytes) -> Iterator[Differs]:
    for piece in one.pieces(data):
        if piece.hash in unknown:
            yield Differs(file=one.member.path, first=piece.first, last=piece.last, name=piece.name)


def foreign_packages(roots: Mapping[str, str], whose: Whose) -> Iterator[Foreign]:
    """What an artifact installs into packages that are, as far as is known, one other project's."""
    projects = whose.reference.projects
    for path, file in roots.items():
        if path.partition("/")[0].lower() in NOBODYS:
            continue
        for place in (path, *above(path)):
            owners = whose.owners(package_hash(place))
            if not owners:
                continue
            names = [projects[owner].name for owner in owners]
            top = place.partition("/")[0]
            mine = top.replace("_", "-").lower() == whose.project or any(
                family(whose.project, name) or siblings(whose.project, name) for name in names
            )
            if len(names) <= SHARED and not mine:
                yield Foreign(path=path, file=file, owner=names[0])
            break
