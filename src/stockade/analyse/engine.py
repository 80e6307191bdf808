"""One pass over an artifact: bytes to facts, each fact to the detectors that asked for its type.

A crash in a detector or a parser becomes a gap of kind *limit*; it never becomes innocence. This is the
only module of the house with broad excepts.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from stockade import limits
from stockade.analyse import detectors as detectors_package
from stockade.analyse.code import build, prefilter
from stockade.analyse.code.facts import Call, Import, Literal, Module, Package
from stockade.analyse.code.layout import Layout, Place
from stockade.analyse.code.members import Members, members_of
from stockade.analyse.code.observe import idle, telling
from stockade.analyse.code.parse import Source, parse
from stockade.analyse.code.phases import phases
from stockade.analyse.code.scope import Unit
from stockade.analyse.code.walked import Walked, walk
from stockade.analyse.collector import Collector, crash_gap
from stockade.analyse.detector import Detector
from stockade.analyse.files.compiled import CompiledFile
from stockade.analyse.files.facts import HiddenText, RuleHit, ScriptDeed, Setting, StartupLine
from stockade.analyse.files.hidden import hidden_text
from stockade.analyse.files.kinds import file_fact
from stockade.analyse.files.members import Texts
from stockade.analyse.files.natives import NativeCall
from stockade.analyse.files.startup import is_startup
from stockade.analyse.flows.border import summary
from stockade.analyse.flows.crossing import Crossings
from stockade.analyse.flows.joined import join
from stockade.analyse.flows.raw import RawModule
from stockade.analyse.flows.read import read
from stockade.analyse.flows.trace import trace
from stockade.analyse.identity.clones import Foreign
from stockade.analyse.identity.holdings import Holdings
from stockade.analyse.identity.reference import Reference
from stockade.analyse.likeness import compare, hold
from stockade.analyse.opaque import Found, Opaque
from stockade.analyse.options import Options
from stockade.analyse.places import is_python, layout_of, own_modules
from stockade.analyse.profile import Profiler
from stockade.analyse.rules import UserRules, user_rules
from stockade.analyse.startup_code import is_test_data, startup_code
from stockade.analyse.unpack.opening import Opened, open_tree
from stockade.analyse.unpack.tree import ArchiveTree
from stockade.analyse.unseen import Unseen
from stockade.model.artifact import Kind, Member
from stockade.model.assessment import Findings
from stockade.model.clone import Clone
from stockade.model.evidence import Gap, GapKind, Phase
from stockade.model.flow import Exposure, Leak, Summary
from stockade.model.project import Digest


def _discover() -> tuple[Detector[Any], ...]:
    found: dict[str, Detector[Any]] = {}
    for info in pkgutil.iter_modules(detectors_package.__path__):
        module = importlib.import_module(f"{detectors_package.__name__}.{info.name}")
        for one in vars(module).values():
            if isinstance(one, Detector):
                found[one.id] = one
    return tuple(found[name] for name in sorted(found))


#: Every detector, by id; one file in ``detectors/`` each.
DETECTORS: tuple[Detector[Any], ...] = _discover()


@dataclass(slots=True)
class _Run:
    """What one pass has gathered so far."""

    options: Options
    started: float
    kind: Kind
    root: str
    tree: ArchiveTree
    layout: Layout
    collector: Collector
    opaque: Opaque
    texts: Texts
    crossings: Crossings | None = None
    rules: UserRules | None = None
    holdings: Holdings | None = None
    clone: Clone | None = None
    walked: list[Walked] = field(default_factory=list)
    #: Files that hold nothing for a detector, and are read for the values that pass through them.
    only_flows: set[str] = field(default_factory=set)
    raws: list[RawModule] = field(default_factory=list)
    members: Members | None = None
    summary: Summary = field(default_factory=Summary)
    gaps: list[Gap] = field(default_factory=list)
    profiler: Profiler = field(default_factory=Profiler)
    unseen: Unseen = field(default_factory=Unseen)
    source_bytes: int = 0
    parsed_bytes: int = 0
    late: bool = False

    def guarded(self, what: str, act: Callable[[], None]) -> None:
        """Do one step; a crash is a gap that names `what`."""
        try:
            act()
        except Exception as why:  # noqa: BLE001 - only the engine may, and it becomes a gap
            self.gaps.append(crash_gap(what, why))

    def out_of_time(self) -> bool:
        """Whether the time for this artifact is spent; notes it once."""
        if not self.late and time.process_time() - self.started > self.options.seconds:
            self.late = True
            why = f"took more than {self.options.seconds:g} s; the rest of its files was not looked at"
            self.gaps.append(Gap(kind=GapKind.LIMIT, what="the artifact", why=why))
        return self.late

    def python(self, member: Member, data: bytes, place: Place, *, again: bool) -> None:
        """One Python file: parse it if the prefilter wants it, or if a secret may cross from it.

        `again`: its bytes need not be held, for the member is at hand.
        """
        self.source_bytes += len(data)
        if self.late:
            return
        crossings = self.crossings if place.installed else None
        found = prefilter.groups(data) if crossings is not None else None
        telling = self.options.everything or prefilter.wanted(data, place, found) or self._whole(place)
        if telling and crossings is not None and found is not None:
            crossings.telling(data, place, found)
        if telling or (crossings is not None and crossings.crosses(member, data, place, again=again)):
            self.parse(member, data, place, telling=telling)

    def _whole(self, place: Place) -> bool:
        """Whether a file belongs to a distribution that is so small that all of it is parsed."""
        return place.installed and self.crossings is None

    def cross(self) -> None:
        """The files that a secret may cross from, as all others show together."""
        if self.crossings is not None and not self.late:
            for member, data, place in self.crossings.chosen():
                held = self.tree.read(member, limits.MAX_MEMBER) if data is None else data
                again = partial(self.parse, member, held, place, telling=False)
                self.guarded(member.shown, again)

    def parse(self, member: Member, data: bytes, place: Place, *, telling: bool) -> None:
        """Parse and walk one file; one that is not `telling` is read for the values that pass through it."""
        if self.out_of_time():
            return
        if self.parsed_bytes + len(data) > limits.MAX_PARSED:
            why = f"more than {limits.MAX_PARSED >> 20} MiB of code call for a look; this file had none"
            self.gaps.append(Gap(kind=GapKind.LIMIT, what=member.shown, why=why))
            return
        lean = data if self.options.everything else prefilter.without_plain_classes(data)
        self.parsed_bytes += len(lean)
        source = parse(lean, member.shown)
        if lean is not data and not (isinstance(source, Source) and source.gap is None):
            source = parse(data, member.shown)
        if isinstance(source, Source):
            one = walk(source, member.shown, place, len(data), None if member.nested else self.members)
            self.walked.append(one)
            if not telling:
                self.only_flows.add(one.path)
            self.gaps += one.gaps
            if place.installed:
                self.guarded(member.shown, lambda: self.raws.append(read(source.tree, one)))
        gap = source.gap if isinstance(source, Source) else source
        if gap is not None:
            # Cython may begin with python's #! line, and a template's path has holes; only what an import could
            # take must be readable.
            wanted = (
                place.installed and member.path.endswith((".py", ".pyw", ".pyc")) and "{{" not in member.path
            )
            aside = not wanted and gap.kind is GapKind.LIMIT
            self.gaps.append(Gap(kind=GapKind.SCOPE, what=gap.what, why=gap.why) if aside else gap)

    def take(self, member: Member, found: Found) -> None:
        """What came of a member that is no text."""
        for fact in found.facts:
            self.collector.give(fact)
        self.gaps += found.gaps
        if found.source:
            self.python(member, found.source, found.place, again=False)


def analyse(
    data: Any,
    *,
    filename: str,
    kind: Kind,
    sha256: Digest,
    options: Options | None = None,
    detectors: Iterable[Detector[Any]] = DETECTORS,
    known: Reference | None = None,
) -> Findings:
    """Everything that can be said of an artifact from its bytes and its file name.

    `data` is a read-only buffer (bytes, memoryview, mmap); `known` the reference whose digest `options` name. Never
    raises on hostile bytes.
    """
    with _undisturbed():
        return _examine(data, filename, kind, sha256, options or Options(), detectors, known)


def _examine(
    data: Any,
    filename: str,
    kind: Kind,
    sha256: Digest,
    options: Options,
    detectors: Iterable[Detector[Any]],
    known: Reference | None,
) -> Findings:
    started = time.process_time()
    opened = open_tree(data, filename, kind)
    places = layout_of(opened, kind)
    opaque = Opaque(places, (member.path for member in opened.tree.members if not member.nested))
    own, size = own_modules(opened, places)
    texts = Texts(kind, opened.root, places.packages)
    run = _Run(options, started, kind, opened.root, opened.tree, places, Collector(detectors), opaque, texts)
    run.crossings = Crossings(own, opened.requires) if size > limits.PARSED_WHOLE else None
    run.profiler.root = opened.root
    run.members = members_of(opened.tree, places)
    run.rules = user_rules(options.rules)
    run.gaps += opened.gaps
    run.gaps += run.rules.gaps if run.rules is not None else ()
    run.holdings = Holdings() if known is not None else None
    _look(run, opened)
    if known is not None:
        run.guarded("its likeness to known projects", lambda: _compare(run, opened, known))
    _link(run, opened)
    return Findings(
        sha256=sha256,
        project=opened.project,
        version=opened.version,
        evidence=run.collector.evidence(),
        gaps=(*run.gaps, *run.collector.gaps, *run.unseen.gaps()),
        requires=opened.requires,
        summary=run.summary,
        source_bytes=run.source_bytes,
        parsed_bytes=run.parsed_bytes,
        seconds=time.process_time() - started,
        clone=run.clone,
        profile=run.profiler.profile(),
    )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No garbage collection (trees are freed by counting) and no warnings about analysed code."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if collecting:
            gc.enable()


def _look(run: _Run, opened: Opened) -> None:
    """Every member once."""
    for oddity in opened.oddities:
        run.collector.give(oddity)
    run.collector.give(opened.identity)
    for member, data in opened.tree.walk():
        if run.late:
            return
        run.guarded(member.shown, lambda member=member, data=data: _member(run, member, data))  # type: ignore[misc]
    for member, found in run.opaque.rest():
        run.guarded(member.shown, lambda member=member, found=found: run.take(member, found))  # type: ignore[misc]
    run.guarded("the ways of secrets across files", run.cross)
    run.collector.give_all(CompiledFile, run.opaque.compiled.facts())


def _member(run: _Run, member: Member, data: bytes) -> None:
    collector = run.collector
    fact = file_fact(member, data, run.kind, run.root)
    collector.give(fact)
    if not member.nested:
        run.profiler.file(fact)
    collector.give_all(Setting, run.texts.settings(member, data))
    if run.rules is not None:
        hits = run.rules.hits(member.shown, data)
        if isinstance(hits, Gap):
            run.gaps.append(hits)
        else:
            collector.give_all(RuleHit, hits)
    if is_python(member.path, data):
        if collector.wants(HiddenText):
            collector.give_all(HiddenText, list(hidden_text(member.shown, data)))
        place = run.layout.place(member.path, nested=bool(member.nested))
        if run.holdings is not None:
            hold(run.holdings, member, data, place, run.root)
        run.opaque.source(member, data)
        run.python(member, data, place, again=run.tree.at_hand(member))
        return
    found = run.opaque.look(member, data, fact)
    if found is not None:
        run.take(member, found)
    if is_startup(member.path, run.kind, run.root) and not is_test_data(member):
        _startup(run, member, data)
    elif (found is None or not found.read) and not run.texts.script(member, data):
        run.unseen.note(member.path, data[:16])


def _compare(run: _Run, opened: Opened, known: Reference) -> None:
    """Whose code this is, and into whose packages it would be installed."""
    holdings, run.holdings = run.holdings or Holdings(), None
    foreign, run.clone = compare(holdings, opened, run.kind, known, leave_out=run.options.leave_out)
    run.collector.give_all(Foreign, foreign)
    if run.clone is not None:
        run.collector.give(run.clone)


def _startup(run: _Run, member: Member, data: bytes) -> None:
    """A .pth or .start file: its lines, and as code those that the interpreter runs."""
    found = startup_code(member, data)
    run.collector.give_all(StartupLine, found.lines)
    if not member.nested:
        run.profiler.started(found.lines)
    run.walked += found.walked
    run.gaps += found.gaps
    run.parsed_bytes += found.parsed


def _link(run: _Run, opened: Opened) -> None:
    """Phases across files, then facts to detectors."""
    found = phases(run.walked, run.layout)
    collector = run.collector
    keep = collector.wants(Package) or run.texts.asks()
    modules: list[Module] = []
    for one in run.walked:
        if run.out_of_time():
            break
        if one.path in run.only_flows:
            one.forget()
            continue
        module = build.module(one, found)
        one.forget()
        collector.give_all(Import, module.imports)
        collector.give_all(Call, module.calls)
        collector.give_all(Literal, telling(module.literals))
        collector.give(module)
        run.profiler.module(module)
        collector.give_all(NativeCall, run.opaque.called(module, run.source_bytes))
        if keep:
            modules.append(module)
    if run.texts.asks():
        spoken = ((one.text, one.phase) for module in modules for one in module.literals if not idle(one))
        collector.give_all(ScriptDeed, list(run.texts.facts(run.texts.named(spoken))))
    run.gaps += run.texts.gaps
    if run.late:
        return
    if keep:
        collector.give(Package(modules=tuple(modules), project=opened.project, version=opened.version))
    run.guarded("the flow of values", lambda: _flows(run, found))


def _flows(run: _Run, found: Mapping[Unit, Phase]) -> None:
    """Where values go, over all files."""
    program = join(run.raws)
    trusted = run.crossings is not None and run.crossings.trusted
    traced = trace(program, found, run.source_bytes, trusted=trusted)
    near = "is followed to what is near each {}; this code would take more steps than that"
    if not traced.complete:
        why = near.format("call that lets values leave")
        run.gaps.append(Gap(kind=GapKind.LIMIT, what="the flow of values", why=why))
    elif not traced.handed:
        why = near.format("call of another distribution")
        run.gaps.append(Gap(kind=GapKind.SCOPE, what="the flow of values", why=why))
    run.collector.give_all(Leak, traced.leaks)
    run.collector.give_all(Exposure, traced.exposures)
    run.summary = summary(program, traced, run.source_bytes)
