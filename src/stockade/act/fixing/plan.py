"""What can be done exactly about the findings of an audit: whole distributions, stray start-up files, changed files."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from stockade.acquire.environments.rebuilt import compiled_of
from stockade.acquire.environments.record import Row
from stockade.act.report.audited import EnvironmentReport
from stockade.model.audit import Finding, Standing
from stockade.model.environment import EnvironmentKind, Installed, Oddness

#: Environments that a tool made for Python packages alone. What conda or the system installed is for them to mend.
_OURS = frozenset(
    {
        EnvironmentKind.VIRTUALENV,
        EnvironmentKind.UV_TOOL,
        EnvironmentKind.PIPX,
        EnvironmentKind.POETRY,
        EnvironmentKind.PDM,
        EnvironmentKind.HATCH,
    }
)
#: The top folders of an environment that installers put files into (``sysconfig``'s schemes, and data files).
_INSTALLED_INTO = frozenset(
    {"lib", "lib64", "Lib", "bin", "Scripts", "include", "Include", "share", "etc", "man"}
)
#: What the maker of an environment put beside the commands of its distributions.
_MAKERS = re.compile(
    r"(?:bin|Scripts)/(?:(?:python|pypy)w?[\d.]*(?:\.exe)?|(?:de)?activate(?:[._].*)?)", re.IGNORECASE
)
#: Findings for which a distribution goes as a whole.
_GOES = frozenset({Standing.UNAUTHORISED, Standing.MALICIOUS})


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOut:
    """Files that go; `what` names them for people, `why` says why."""

    what: str
    why: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """A file that gets the bytes again which its RECORD promises."""

    path: str
    data: bytes
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is not done, and why not."""

    what: str
    why: str


Step = TakeOut | PutBack | Left
#: A distribution's files by its RECORD, anywhere; () without one.
Rows = Callable[[Installed], tuple[Row, ...]]
#: The bytes of a file as its wheel had them, if they are exactly those that RECORD promises.
Original = Callable[[Installed, Row], bytes | None]


def plan(report: EnvironmentReport, rows: Rows, original: Original) -> Iterator[Step]:
    """What to do about each finding that policy blocks; one step a distribution and a file."""
    root = report.environment.root
    loud = [one for one in report.findings if one.action == "block"]
    refused = {
        (one.project, one.version): "its code is refused" for one in report.artifacts if one.action == "block"
    }
    if not loud and not refused:
        return
    if report.environment.kind not in _OURS:
        kind = report.environment.kind
        yield Left(what=root, why=f"it is a {kind} environment: who manages it must mend it")
        return
    installed = {str(one.name): one for one in report.installed}
    reasons = refused | {
        (one.project, one.version): _reason(one) for one in reversed(loud) if one.kind in _GOES
    }
    claims = _claims(report.installed, rows)
    going = {project for project, _ in reasons}
    # One project may lie there twice, in two versions or in one.
    for each in report.installed:
        if why := reasons.get((each.name, each.version)):
            yield _take_out(each, why, root, rows, claims)
    for one in loud:
        if one.kind == Oddness.ORPHAN_STARTUP:
            if _below(one.path, root):
                yield TakeOut(what=_short(one.path, root), why=_reason(one), paths=(_real(one.path),))
            else:
                yield Left(what=one.path, why="it lies outside of the environment")
        elif one.kind == Oddness.CHANGED and one.project in installed and one.project not in going:
            yield _put_back(installed[one.project], one, root, rows, original)
        elif one.kind not in _GOES and one.project not in going:
            yield Left(
                what=one.project or _short(one.path, root), why=f"{one.kind}: {one.fix or 'look at it'}"
            )


def _reason(one: Finding) -> str:
    return f"{one.kind}: {one.detail}" if one.detail else one.kind


def _claims(installed: Iterable[Installed], rows: Rows) -> Counter[str]:
    """How many distributions claim each file, however their RECORDs spell its path."""
    return Counter(path for one in installed for path in {_real(row.path) for row in rows(one)})


def _take_out(one: Installed, why: str, root: str, rows: Rows, claims: Counter[str]) -> Step:
    """The whole distribution, or why it can't be said exactly what that is."""
    what = f"{one.name} {one.version}"
    listed = {row.path for row in rows(one)}
    if one.origin is not None and one.origin.editable:
        return Left(what=what, why="it is editable: its files are a project of yours")
    if not listed:
        return Left(what=what, why="nothing lists its files, so that nobody can say which to take out")
    outside = sorted(path for path in listed if not _below(path, root))
    if outside:
        return Left(what=what, why=f"it claims {outside[0]}, which is not in this environment")
    real = {_real(path) for path in listed}
    foreign = sorted(path for path in real if not _installed(path, root))
    if foreign:
        return Left(what=what, why=f"it claims {foreign[0]}, which no distribution brings")
    # What another distribution claims, too, stays for that one.
    mine = {path for path in real if claims[path] == 1}
    mine |= {made for path in mine for made in compiled_of(path)}
    return TakeOut(what=what, why=why, paths=tuple(sorted(path for path in mine if _file(path))))


def _put_back(one: Installed, finding: Finding, root: str, rows: Rows, original: Original) -> Step:
    what = _short(finding.path, root)
    row = next((each for each in rows(one) if each.path == finding.path), None)
    data = original(one, row) if row is not None and row.digest and _below(finding.path, root) else None
    if data is None:
        again = f"{one.name}=={one.version}"
        return Left(
            what=what, why=f"its original is not at hand; install {again} again, or use --verify-index"
        )
    return PutBack(path=_real(finding.path), data=data, what=what, why=_reason(finding))


def _below(path: str, root: str) -> bool:
    """Whether a file lies in the environment by every folder on the way, whatever links say."""
    parent = os.path.realpath(os.path.dirname(path))
    top = os.path.realpath(root)
    return parent == top or parent.startswith(top.rstrip("/") + "/")


def _real(path: str) -> str:
    """The one path of a file, whatever links lead to its folder; the file itself may be a link, and stays one."""
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def _installed(path: str, root: str) -> bool:
    """Whether an installer may have put a file there: neither its maker nor a person who lives in the same folder."""
    inner = os.path.relpath(path, os.path.realpath(root))
    return inner.partition("/")[0] in _INSTALLED_INTO and _MAKERS.fullmatch(inner) is None


def _file(path: str) -> bool:
    """Whether something lies there that is no folder: a RECORD may list those, and they go once they are empty."""
    return os.path.lexists(path) and (os.path.islink(path) or not os.path.isdir(path))


def _short(path: str, root: str) -> str:
    return path.removeprefix(f"{root.rstrip('/')}/")
