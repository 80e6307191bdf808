"""Every case of every detector, found by its folder: tests/detectors/<id>/{flags,passes,misses}/<case>/.

A case holds a tree of an sdist, or a ``wheel/`` tree, or ``closure/<project>/`` trees of wheels that are linked with
each other, or a ``recipe`` (the name of a function in recipes.py or binary_recipes.py, for archives that no tree can
express). ``expected.txt`` is the evidence as rendered; ``rules.yar`` is given to the engine as a user's rule. With a
file ``known`` it is compared with the reference of tests/support/sdk.py. A case of a detector that looks at a project's
past holds a ``history.toml`` alone (tests/support/histories.py), one of what was seen when the artifact was run an
``observation.toml`` (tests/support/observations.py). A file ``names`` holds projects' names, one a line:
what is said of each of them, whatever is in the archive; a file ``requires`` holds the requirements of one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from stockade.acquire.malicious import malicious
from stockade.acquire.reference_file import mapped, shipped_names
from stockade.analyse.closure import linked
from stockade.analyse.engine import DETECTORS, analyse
from stockade.analyse.identity.drift import disagreements, drift
from stockade.analyse.identity.names import Names
from stockade.analyse.naming import named, required
from stockade.analyse.observed import observed
from stockade.analyse.options import Options
from stockade.analyse.standing import remarked
from stockade.model.artifact import Kind
from stockade.model.assessment import Findings
from stockade.model.evidence import Evidence, Gap, GapKind
from stockade.model.project import Digest
from tests.detectors.binary_recipes import BINARY_RECIPES
from tests.detectors.recipes import RECIPES
from tests.support.archives import sdist, sdist_name, wheel, wheel_name
from tests.support.histories import facts_of
from tests.support.observations import observation_of
from tests.support.sdk import reference

HERE = Path(__file__).parent
_ASIDE = frozenset({"expected.txt", "rules.yar", "recipe", "known", "names", "requires"})
_BY_ID = {one.id: one for one in DETECTORS}


@dataclass(frozen=True)
class Case:
    """One folder of a case."""

    detector: str
    sort: str
    folder: Path

    def __str__(self) -> str:
        return f"{self.detector}/{self.sort}/{self.folder.name}"


def cases(sort: str) -> Iterator[Case]:
    """All cases of one sort."""
    for folder in sorted(HERE.glob(f"*/{sort}/*")):
        if folder.is_dir():
            yield Case(folder.parent.parent.name.replace("_", "-"), sort, folder)


def packed(folder: Path) -> tuple[bytes, str, Kind]:
    """The archive that a case's folder stands for, its file name and kind."""
    recipe = folder / "recipe"
    if recipe.exists():
        name = recipe.read_text(encoding="utf-8").strip()
        return {**RECIPES, **BINARY_RECIPES}[name]()
    base = folder / "wheel" if (folder / "wheel").is_dir() else folder
    files = {
        path.relative_to(base).as_posix(): path.read_bytes()
        for path in sorted(base.rglob("*"))
        if path.is_file() and not (path.parent == folder and path.name in _ASIDE)
    }
    if base is folder:
        return sdist("demo", "1.0", files), sdist_name("demo", "1.0"), Kind.SDIST
    return wheel("demo", "1.0", files), wheel_name("demo", "1.0"), Kind.WHEEL


@cache
def found(case: Case) -> tuple[tuple[Evidence, ...], tuple[Gap, ...]]:
    """What the case's detector says, and the limit gaps."""
    if (case.folder / "history.toml").exists():
        told = remarked(
            Findings(sha256=Digest("0" * 64), project="demo", version="1.0"), facts_of(case.folder)
        )
        return tuple(each for each in told.evidence if each.detector == case.detector), told.gaps
    if (case.folder / "observation.toml").exists():
        seen = observed(observation_of(case.folder))
        told = remarked(Findings(sha256=Digest("0" * 64), project="demo", version="1.0"), seen.facts)
        return tuple(each for each in told.evidence if each.detector == case.detector), told.gaps + seen.gaps
    if (case.folder / "before").is_dir() or (case.folder / "sdist").is_dir():
        return tuple(one for one in compared(case.folder) if one.detector == case.detector), ()
    data, filename, kind = packed(case.folder)
    if (case.folder / "closure").is_dir():
        return linked_evidence(case), ()
    if (case.folder / "names").exists():
        return named_evidence(case), ()
    if (case.folder / "requires").exists():
        return required_evidence(case), ()
    rules = case.folder / "rules.yar"
    options = Options(rules=(rules.read_text(encoding="utf-8"),) if rules.exists() else (), everything=True)
    digest = Digest(hashlib.sha256(data).hexdigest())
    one = _BY_ID[case.detector]
    known = reference() if (case.folder / "known").exists() else None
    result = analyse(
        data, filename=filename, kind=kind, sha256=digest, options=options, detectors=[one], known=known
    )
    return result.evidence, tuple(gap for gap in result.gaps if gap.kind is GapKind.LIMIT)


def linked_evidence(case: Case) -> tuple[Evidence, ...]:
    """What the case's detector says of wheels that are installed together, in the order of their names."""
    names, findings = [], []
    for folder in sorted((case.folder / "closure").iterdir()):
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        data, filename = wheel(folder.name, "1.0", files), wheel_name(folder.name, "1.0")
        digest = Digest(hashlib.sha256(data).hexdigest())
        names.append(filename)
        findings.append(analyse(data, filename=filename, kind=Kind.WHEEL, sha256=digest, detectors=()))
    evidence = (each for one in linked(names, names, findings) for each in one.evidence)
    return tuple(each for each in evidence if each.detector == case.detector)


def required_evidence(case: Case) -> tuple[Evidence, ...]:
    """What the case's detector says of an archive with these requirements."""
    lines = (case.folder / "requires").read_text(encoding="utf-8").splitlines()
    nothing = Findings(sha256=Digest("0" * 64), project="demo", version="1.0", requires=tuple(lines))
    told = required(Names(mapped(shipped_names())), malicious, sdist_name("demo", "1.0"), nothing)
    return tuple(one for one in told.evidence if one.detector == case.detector)


def named_evidence(case: Case) -> tuple[Evidence, ...]:
    """What the case's detector says of an empty archive under each of the names."""
    table = Names(mapped(shipped_names()))
    empty = Findings(sha256=Digest("0" * 64), project="", version="")
    lines = (case.folder / "names").read_text(encoding="utf-8").split("\n")
    found = (named(table, name, f"{name}-1.0.tar.gz", empty) for name in lines if name)
    evidence = (each for one in found for each in one.evidence)
    return tuple(each for each in evidence if each.detector == case.detector)


def analysed(folder: Path, kind: Kind) -> Findings:
    """The findings of a tree, packed, without any evidence."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    sort = kind is Kind.SDIST
    data = sdist("demo", "1.0", files) if sort else wheel("demo", "1.0", files)
    filename = sdist_name("demo", "1.0") if sort else wheel_name("demo", "1.0")
    digest = Digest(hashlib.sha256(data).hexdigest())
    return analyse(data, filename=filename, kind=kind, sha256=digest, detectors=())


def compared(folder: Path) -> tuple[Evidence, ...]:
    """What comparing a case's two trees comes to."""
    facts: tuple[object, ...]
    if (folder / "before").is_dir():
        one = analysed(folder / "after", Kind.WHEEL)
        facts = drift(one, analysed(folder / "before", Kind.WHEEL), "0.9", {})
    else:
        one, other = analysed(folder / "wheel", Kind.WHEEL), analysed(folder / "sdist", Kind.SDIST)
        facts = (
            *disagreements(one, other, sdist_name("demo", "1.0")),
            *disagreements(other, one, wheel_name("demo", "1.0")),
        )
    return remarked(replace(one, evidence=()), facts).evidence


def rendered(evidence: tuple[Evidence, ...]) -> str:
    """One line each: ``id phase file:line message``; ``-`` where nothing runs."""
    lines = (f"{one.detector} {one.phase or '-'} {one.where} {one.message}\n" for one in evidence)
    return "".join(lines)


@pytest.mark.parametrize("case", list(cases("flags")), ids=str)
def test_flags(case: Case) -> None:
    evidence, gaps = found(case)
    assert rendered(evidence) == (case.folder / "expected.txt").read_text(encoding="utf-8")
    assert evidence
    assert not [gap for gap in gaps if gap.why.startswith("failed")], "a crash"


@pytest.mark.parametrize("case", list(cases("passes")), ids=str)
def test_passes(case: Case) -> None:
    evidence, gaps = found(case)
    assert rendered(evidence) == ""
    assert not gaps


@pytest.mark.parametrize("case", list(cases("misses")), ids=str)
@pytest.mark.xfail(strict=True, reason="a known blind spot; the detector's docstring says so")
def test_misses(case: Case) -> None:
    assert found(case)[0]
