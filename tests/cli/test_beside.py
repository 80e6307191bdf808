"""Who is asked for a name in a judgement, and what becomes of it where one of them is away."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from stockade.acquire.index.listing import Listing
from stockade.acquire.index.settings import Source
from stockade.cli.beside import Beside
from stockade.errors import IndexUnavailable, ProjectNotFound
from stockade.model.project import ArtifactRef, ProjectName
from tests.support.gate_parts import ref_of

HOME, OTHER = "https://index.example/simple/", "https://other.example/simple/"
NAME = ProjectName("alpha")
HERE, THERE = ref_of("alpha"), ref_of("alpha", "2.0", index=OTHER)


@dataclass
class One:
    """An index of some files; `away` cannot be asked."""

    files: tuple[ArtifactRef, ...] = ()
    away: bool = False
    asked: list[str] = field(default_factory=list)
    forgot: list[str] = field(default_factory=list)

    def listing(self, name: ProjectName) -> Listing:
        self.asked.append(name)
        if self.away:
            raise IndexUnavailable("it is away")
        if not self.files:
            raise ProjectNotFound("it has none")
        return Listing(project=name, files=self.files)

    def sources_for(self, name: ProjectName) -> list[Source]:
        return [Source(url=HOME)]

    def metadata(self, ref: ArtifactRef) -> bytes | None:
        return b"metadata"

    def forget(self, name: ProjectName) -> None:
        self.forgot.append(name)

    def stale(self, name: ProjectName) -> float:
        return 5.0


@dataclass
class Known:
    """What clients asked for."""

    asked: frozenset[str] = frozenset()
    others: dict[str, One] = field(default_factory=dict)
    uses: bool = False
    refuses: frozenset[str] = frozenset()
    bases: tuple[str, ...] = (HOME,)

    def asked_for(self, name: ProjectName) -> frozenset[str]:
        return self.asked

    def uses_configured(self) -> bool:
        return self.uses

    def may(self, name: ProjectName, base: str) -> bool:
        return base not in self.refuses

    def single(self, base: str) -> One:
        return self.others[base]


def files(home: One, known: Known, *origins: str) -> tuple[ArtifactRef, ...]:
    return Beside(home, known, origins).listing(NAME).files  # type: ignore[arg-type]


def test_those_that_were_asked_are_asked_and_no_others() -> None:
    home, other = One((HERE,)), One((THERE,))
    assert files(home, Known(frozenset({OTHER}), {OTHER: other}), HOME, OTHER) == (THERE,)
    assert (home.asked, other.asked) == ([], ["alpha"])
    assert files(home, Known(frozenset({HOME}), {OTHER: other}), OTHER) == (HERE,)
    assert other.asked == ["alpha"]
    assert files(home, Known(frozenset({HOME, OTHER}), {OTHER: other}), OTHER) == (HERE, THERE)


@pytest.mark.parametrize(
    ("origins", "uses", "asked"),
    [
        ((OTHER,), False, 0),
        ((OTHER,), True, 1),
        ((OTHER, HOME), False, 1),
        ((HOME,), False, 1),
        ((), False, 1),
    ],
)
def test_a_name_that_nobody_asked_for_yet(origins: tuple[str, ...], uses: bool, asked: int) -> None:
    home = One((HERE,))
    known = Known(others={OTHER: One()}, uses=uses)
    if asked:
        assert files(home, known, *origins) == (HERE,)
    else:
        with pytest.raises(ProjectNotFound, match="on the indexes that were asked"):
            files(home, known, *origins)
    assert len(home.asked) == asked
    # Where the file comes from, it is known: then that is all.
    if OTHER in origins:
        home.asked.clear()
        assert files(home, Known(others={OTHER: One((THERE,))}, uses=uses), *origins) == (THERE,)
        assert home.asked == []


def test_policy_and_an_index_that_is_away() -> None:
    home, other = One((HERE,)), One((THERE,))
    both = frozenset({HOME, OTHER})
    assert files(home, Known(both, {OTHER: other}, refuses=frozenset({OTHER}))) == (HERE,)
    assert other.asked == []
    home.away = True
    assert files(home, Known(both, {OTHER: other})) == (THERE,)
    other.away = True
    with pytest.raises(IndexUnavailable, match="it is away"):
        files(home, Known(both, {OTHER: other}))
    # That the private one is away is no reason to ask others for its names.
    home.asked.clear()
    with pytest.raises(IndexUnavailable):
        files(home, Known(others={OTHER: other}, uses=True), OTHER)
    assert home.asked == []


def test_all_else_is_the_configured_ones() -> None:
    home = One((HERE,))
    index = Beside(home, Known(), (HOME,))  # type: ignore[arg-type]
    assert index.metadata(HERE) == b"metadata"
    assert index.stale(NAME) == 5.0
    assert [one.url for one in index.sources_for(NAME)] == [HOME]
    index.forget(NAME)
    assert home.forgot == ["alpha"]
