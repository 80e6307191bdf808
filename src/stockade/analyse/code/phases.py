"""When each unit of code would run: from the files that run by themselves, along calls and imports.

A unit that several roots reach gets the earliest phase.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from stockade.analyse.code.abstract import HOLE, Abstract
from stockade.analyse.code.layout import AUTOLOADED, Layout
from stockade.analyse.code.scope import ClassInfo, Unit, family
from stockade.analyse.code.walked import Walked
from stockade.model.evidence import Phase

#: Targets (or their last parts) that run a function handed to them.
_RUNNER_NAMES = (
    "threading.Thread threading.Timer multiprocessing.Process atexit.register asyncio.run asyncio.create_task"
    " asyncio.ensure_future asyncio.gather asyncio.to_thread _thread.start_new_thread weakref.finalize"
    " concurrent.futures.ThreadPoolExecutor multiprocessing.Pool sys.setprofile sys.settrace"
)
_RUNNERS = frozenset(_RUNNER_NAMES.split())
_RUNNING_NAMES = (
    "submit apply_async run_until_complete create_task run_in_executor call_later call_soon map_async run_sync"
    " start_soon add_done_callback"
)
_RUNNING_METHODS = frozenset(_RUNNING_NAMES.split())
_MADE = ("__init__", "__new__", "__post_init__", "__init_subclass__", "__enter__")
#: The commands that installing runs, or that a build runs on its way to a wheel.
_INSTALLING_NAMES = (
    "install install_lib install_scripts install_data install_headers install_egg_info develop egg_info build"
    " build_py build_ext build_clib build_scripts bdist_wheel bdist_egg easy_install dist_info editable_wheel"
)
_INSTALLING = frozenset(_INSTALLING_NAMES.split())
_COMMAND = ("run", "initialize_options", "finalize_options", "__init__", "__new__", "get_sub_commands")
_HOOK_NAMES = (
    "build_wheel build_sdist build_editable get_requires_for_build_wheel get_requires_for_build_sdist"
    " get_requires_for_build_editable prepare_metadata_for_build_wheel prepare_metadata_for_build_editable"
)
_HOOKS = _HOOK_NAMES.split()
_ALIASES = 8


class Linker:
    """Names across an artifact's parsed files."""

    def __init__(self, walked: Iterable[Walked]) -> None:
        self.units: dict[str, list[Unit]] = {}
        self.modules: dict[str, list[Unit]] = {}
        self.classes: dict[str, ClassInfo] = {}
        self.exports: dict[str, str] = {}
        self.home: dict[Unit, Walked] = {}
        for one in walked:
            self.modules.setdefault(one.place.qualified, []).append(one.level)
            self.classes.update(one.classes)
            self.exports.update(one.exports)
            for unit in one.units:
                self.home[unit] = one
                if unit is not one.level:
                    self.units.setdefault(unit.qualified, []).append(unit)

    def reach(self, unit: Unit) -> Iterator[Unit]:
        """The units that running `unit` runs in turn."""
        for name in unit.imports:
            parts = name.split(".")
            for count in range(1, len(parts) + 1):
                yield from self.modules.get(".".join(parts[:count]), ())
        here = self.home[unit]
        for target in unit.edges:
            yield from self.named(target, here)

    def named(self, target: str, here: Walked | None = None) -> list[Unit]:
        """The units that a call of `target` runs; those of the same file first choice."""
        for _ in range(_ALIASES):
            found = self.units.get(target)
            if found is not None:
                own = [unit for unit in found if here is not None and self.home[unit] is here]
                return own or found
            if target in self.classes:
                return self._constructed(target)
            owner, _, name = target.rpartition(".")
            if owner in self.classes:
                return self.method(owner, name)
            moved = self.exports.get(target)
            if moved is None and owner in self.exports:
                moved = f"{self.exports[owner]}.{name}"
            if moved is None or moved == target:
                return []
            target = moved
        return []

    def _at(self, paths: tuple[Abstract, ...]) -> Iterator[str]:
        """The modules of the files that a path in the source means, by its known end."""
        for path in paths:
            end = path.text().rpartition(HOLE)[2].lstrip("./") if path.const is not None else ""
            for one in self.home.values() if end.endswith(".py") else ():
                if f"/{one.path}".endswith(f"/{end}"):
                    yield one.place.qualified

    def _constructed(self, name: str) -> list[Unit]:
        found = [unit for method in _MADE for unit in self.method(name, method)]
        if any(base.endswith(("Thread", "Process", "Timer")) for base in self.bases(name)):
            found += self.method(name, "run")
        return found

    def bases(self, name: str) -> set[str]:
        """All bases of an own class, transitively, by their names here or elsewhere."""
        return {one for one, _ in family(name, self.classes, self.exports)}

    def method(self, name: str, method: str) -> list[Unit]:
        """The method that an own class has or inherits from an own class."""
        for _, cls in family(name, self.classes, self.exports):
            found = self.units.get(f"{cls.qualified}.{method}") if cls is not None else None
            if found:
                return found
        return []

    def handed_over(self, one: Walked) -> None:
        """Add the edges of functions that are handed to something that runs them, and of build commands."""
        for record in one.records:
            if record.kind != "call":
                continue
            if record.target == "runpy.run_path":
                record.unit.imports.update(self._at(record.args[:1]))
                continue
            tail = record.target.rpartition(".")[2]
            runner = record.target in _RUNNERS or tail in _RUNNING_METHODS
            setup = tail == "setup"
            if not runner and not setup:
                continue
            values = (*record.args, *(record.keywords or {}).values())
            names = {name for value in values for name in value.sources()}
            if setup:
                names -= _others(one)
            for name in names:
                name = self.exports.get(name, name)
                if setup and name in self.classes:
                    methods = [unit for method in _COMMAND for unit in self.method(name, method)]
                    record.unit.edges.update(unit.qualified for unit in methods)
                elif runner and (name in self.units or name in self.classes):
                    record.unit.edges.add(name)


def _others(one: Walked) -> set[str]:
    """Classes of commands that nothing runs unless somebody types their name: upload, test, docs and the like.

    A name that the file spells a second time may be handed to ``run_command``, and does not count.
    """
    if not one.choices:
        return set()
    spelt = Counter(record.args[0].const for record in one.records if record.kind == "literal")
    called = {command for command, _ in one.choices if command in _INSTALLING or spelt[command] > 1}
    run = {target for command, target in one.choices if command in called}
    return {target for _, target in one.choices} - run


def phases(walked: list[Walked], layout: Layout) -> dict[Unit, Phase]:
    """The phase of every unit of an artifact's parsed files."""
    linker = Linker(walked)
    for one in walked:
        linker.handed_over(one)
    roots: dict[Phase, list[Unit]] = {phase: [] for phase in Phase}
    for one in walked:
        roots[one.place.phase].append(one.level)
        for unit in one.units[1:]:
            roots[one.place.main if unit.qualified.endswith(".__main__") else Phase.CALL].append(unit)
    if layout.backend:
        roots[Phase.INSTALL] += [unit for hook in _HOOKS for unit in linker.named(f"{layout.backend}.{hook}")]
    roots[Phase.STARTUP] += [unit for name in layout.startup for unit in linker.named(name)]
    roots[Phase.ENTRY] += _entries(linker, walked, layout)
    found: dict[Unit, Phase] = {}
    for phase in Phase:
        _spread(linker, roots[phase], phase, found)
    _lend(linker, walked, found)
    return found


def _lend(linker: Linker, walked: list[Walked], found: dict[Unit, Phase]) -> None:
    """Mark what stands among a package's tests or examples and is called by its code that does not."""
    aside = {unit for one in walked if one.place.phase is Phase.CALL for unit in one.units}
    if not aside:
        return
    waiting = [unit for unit, phase in found.items() if phase is Phase.CALL and unit not in aside]
    while waiting:
        for unit in linker.reach(waiting.pop()):
            if unit in aside and not unit.borrowed:
                unit.borrowed = True
                waiting.append(unit)


def _entries(linker: Linker, walked: list[Walked], layout: Layout) -> list[Unit]:
    units = [unit for entry in layout.entries for unit in linker.named(entry)]
    declared: set[str] = set()
    for one in walked:
        if one.place.qualified in layout.entries:
            units += [unit for unit in one.units if unit.name.startswith("pytest_")]
        if one.place.phase is Phase.INSTALL:
            declared |= set(_declared(one))
    units += [unit for entry in declared for unit in linker.named(entry)]
    return units


def _declared(one: Walked) -> Iterator[str]:
    """Entry points that a setup.py declares in its call of ``setup``."""
    for record in one.records:
        points = (record.keywords or {}).get("entry_points")
        if points is None or not isinstance(points.const, dict):
            continue
        for group, lines in points.const.items():
            if group in {"console_scripts", "gui_scripts"} | AUTOLOADED and isinstance(lines, (list, tuple)):
                for line in lines:
                    if isinstance(line, str):
                        yield line.partition("=")[2].partition("[")[0].strip().replace(":", ".")


def _spread(linker: Linker, roots: list[Unit], phase: Phase, found: dict[Unit, Phase]) -> None:
    waiting = [unit for unit in roots if unit not in found]
    for unit in waiting:
        found[unit] = phase
    if phase is Phase.CALL:
        return
    while waiting:
        for unit in linker.reach(waiting.pop()):
            if unit not in found:
                found[unit] = phase
                waiting.append(unit)
