"""Pickles: which functions unpickling would call, and with what; nothing is ever unpickled.

The opcodes come from the standard library's pickletools. A small machine keeps what they push, so that a name made
of two strings (STACK_GLOBAL), an attribute asked for by ``getattr`` and a call's arguments are known. What reaches
outside of data is written as Python text, which the rest of the analyser reads like any other source.
"""

from __future__ import annotations

import pickletools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from stockade import limits
from stockade.analyse.bytecode.reach import dangerous
from stockade.analyse.bytecode.spelling import dotted, identifier, spelt

#: Where the names of a module that Python 2 or the system calls otherwise are found today.
_TODAY = {
    "posix": "os",
    "nt": "os",
    "commands": "subprocess",
    "__builtin__": "builtins",
    "urllib2": "urllib.request",
}
#: Elements kept of one list, dict or tuple.
_MAX_KEPT = 64
#: Characters of all calls that are written down.
_MAX_SPELT = 1 << 20
#: Nesting that is written down.
_MAX_NESTED = 8
#: Pickles in one file, one after the other; torch's older files have five.
_MAX_PICKLES = 32
MAX_NAMES = 32
#: How a pickle may begin: with a version from 2 on, or as an older one does.
BEGINS = re.compile(rb"\x80[\x02-\x05]|[(\]})cilNIJKMLSTUVXFG]")
#: Names of modules that run things, as a pickle spells them, where no reader can follow the bytes.
_SPELT = re.compile(
    rb"(?:[ci](os|posix|nt|subprocess|builtins|__builtin__|runpy|pty|socket|webbrowser|commands)\n(\w{1,40})\n)"
    rb"|\x8c.(os|posix|nt|subprocess|builtins|runpy|pty|socket|webbrowser)\x94?\x8c.(\w{2,40})",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Name:
    """Something that a pickle imports."""

    module: str
    name: str

    @property
    def text(self) -> str:
        """``module.name``; builtins stand bare."""
        bare = self.home == "builtins" and "." not in self.name
        return identifier(self.name) if bare else dotted(f"{self.home}.{self.name}")

    @property
    def home(self) -> str:
        """The module that has the name today."""
        return _TODAY.get(self.module, self.module)

    @property
    def dangerous(self) -> bool:
        """Whether calling it does more than make an object."""
        return dangerous(self.module, self.name)


@dataclass(slots=True)
class _Made:
    """What a call that was written down returned."""

    text: str


class _Items(list[object]):
    """The first elements of a tuple, list or dict; `reaches`: one of them is more than data."""

    __slots__ = ("reaches", "tuple")

    def __init__(self, values: Iterable[object] = (), *, is_tuple: bool = False) -> None:
        super().__init__()
        self.reaches = False
        self.tuple = is_tuple
        self.add(values)

    def add(self, values: Iterable[object]) -> None:
        """Append, as far as elements are kept."""
        for one in values:
            if len(self) >= _MAX_KEPT:
                break
            self.append(one)
            self.reaches = self.reaches or _reaches(one)


class _Mark:
    """The place on the stack that MARK leaves."""


_MARK = _Mark()


@dataclass(slots=True)
class Pickled:
    """What was read: text of the calls that reach outside of data, the names, and where reading broke off."""

    lines: list[str] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    called: bool = False
    broken: str = ""
    cut: bool = False

    @property
    def text(self) -> str:
        """The calls as Python text."""
        return "\n".join(self.lines) + "\n" if self.lines else ""


#: What unpickles its first argument.
UNPICKLERS = frozenset(
    f"{module}.{name}"
    for module in ("pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "pandas")
    for name in ("loads", "_loads")
)


def unpickled(data: bytes) -> Pickled:
    """The calls in `data`, which begins with a pickle; several may follow each other. Never raises."""
    machine = _Machine(Pickled())
    at = 0
    for _ in range(_MAX_PICKLES):
        end = machine.run(data, at)
        if end <= at or machine.found.broken or machine.found.cut or not BEGINS.match(data, end):
            break
        at = end
    if machine.found.broken:
        for hit in _SPELT.finditer(data):
            module, name = (hit[1] or hit[3]).decode(), (hit[2] or hit[4]).decode()
            if dangerous(module, name) and len(machine.found.names) < MAX_NAMES:
                machine.found.names.setdefault(Name(module, name).text)
    return machine.found


class _Machine:
    """The stack and memo of one unpickling."""

    def __init__(self, found: Pickled) -> None:
        self.found = found
        self.stack: list[object] = []
        self.memo: dict[int, object] = {}
        self.steps = 0
        self.size = 0

    def run(self, data: bytes, at: int) -> int:
        """One pickle from `at`; where it ends."""
        self.stack.clear()
        end = at
        try:
            for opcode, arg, place in pickletools.genops(data[at:] if at else data):
                self.steps += 1
                if self.steps > limits.MAX_PICKLE_STEPS:
                    self.found.cut = True
                    return end
                end = at + (place or 0) + 1
                self.step(opcode, arg)
        except (ValueError, KeyError, IndexError, TypeError, OverflowError, UnicodeError) as why:
            self.found.broken = str(why)[:100] or type(why).__name__
        return end

    def step(self, opcode: pickletools.OpcodeInfo, arg: object) -> None:
        """One instruction: a special one, or by what it takes and leaves."""
        act = _ACTS.get(opcode.name)
        if act is not None:
            act(self, arg)
            return
        for _ in opcode.stack_before:
            self.pop()
        for _ in opcode.stack_after:
            self.stack.append(arg if opcode.arg is not None else None)

    def pop(self) -> object:
        """The topmost value, None where there is none."""
        while self.stack:
            one = self.stack.pop()
            if one is not _MARK:
                return one
        return None

    def marked(self) -> list[object]:
        """What lies above the last mark."""
        taken: list[object] = []
        while self.stack:
            one = self.stack.pop()
            if one is _MARK:
                break
            taken.append(one)
        return taken[::-1]

    def name(self, module: object, name: object) -> Name | None:
        """An imported name; None where its text is not known."""
        if not (isinstance(module, str) and isinstance(name, str)):
            return None
        made = Name(module[:200], name[:200])
        if made.dangerous and len(self.found.names) < MAX_NAMES:
            self.found.names.setdefault(made.text)
        return made

    def call(self, callee: object, args: object) -> object:
        """What calling `callee` gives; the call is written down if it reaches outside of data."""
        listed = list(args) if isinstance(args, _Items) else []
        reaches = isinstance(callee, _Made) or (isinstance(callee, Name) and callee.dangerous)
        if not reaches and not _reaches(args):
            return None
        self.found.called = True
        made = _Made(f"_p{len(self.found.lines)}")
        text = f"{made.text} = {self.spell(callee)}({', '.join(self.spell(one) for one in listed)})"
        if self.size > _MAX_SPELT:
            self.found.cut = True
        else:
            modules = {one.home for one in (callee, *listed) if isinstance(one, Name)} - {"builtins"}
            self.found.lines += [f"import {dotted(module)}" for module in sorted(modules)]
            self.found.lines.append(text)
        return made

    def spell(self, value: object, depth: int = 0) -> str:
        """A value as Python text, under the bound for all of them together."""
        self.size += 3
        if self.size > _MAX_SPELT or depth > _MAX_NESTED:
            return "..."
        if isinstance(value, _Items):
            inner = ", ".join([self.spell(one, depth + 1) for one in value])
            return f"({inner},)" if value.tuple and value else f"({inner})" if value.tuple else f"[{inner}]"
        text = value.text if isinstance(value, (Name, _Made)) else spelt(value, limits.MAX_FOLDED)
        self.size += len(text)
        return text


def _reaches(value: object) -> bool:
    if isinstance(value, _Items):
        return value.reaches
    return isinstance(value, _Made) or (isinstance(value, Name) and value.dangerous)


def _mark(m: _Machine, arg: object) -> None:
    m.stack.append(_MARK)


def _global(m: _Machine, arg: object) -> None:
    module, _, name = str(arg).partition(" ")
    m.stack.append(m.name(module, name))


def _stack_global(m: _Machine, arg: object) -> None:
    name, module = m.pop(), m.pop()
    m.stack.append(m.name(module, name))


def _reduce(m: _Machine, arg: object) -> None:
    args, callee = m.pop(), m.pop()
    m.stack.append(m.call(callee, args))


def _inst(m: _Machine, arg: object) -> None:
    args = m.marked()
    module, _, name = str(arg).partition(" ")
    m.stack.append(m.call(m.name(module, name), _Items(args)))


def _obj(m: _Machine, arg: object) -> None:
    values = m.marked()
    m.stack.append(m.call(values[0], _Items(values[1:])) if values else None)


def _new_keywords(m: _Machine, arg: object) -> None:
    m.pop()
    _reduce(m, arg)


def _build(m: _Machine, arg: object) -> None:
    state = m.pop()
    if _reaches(state) and m.stack:
        m.call(m.stack[-1] if isinstance(m.stack[-1], (Name, _Made)) else _Made("_p"), _Items((state,)))


def _tuple(count: int) -> Callable[[_Machine, object], None]:
    def build(m: _Machine, arg: object) -> None:
        taken = [m.pop() for _ in range(count)]
        m.stack.append(_Items(taken[::-1], is_tuple=True))

    return build


def _tuple_marked(m: _Machine, arg: object) -> None:
    m.stack.append(_Items(m.marked(), is_tuple=True))


def _list_marked(m: _Machine, arg: object) -> None:
    m.stack.append(_Items(m.marked()))


def _append(m: _Machine, arg: object) -> None:
    value = m.pop()
    _extend(m, [value])


def _appends(m: _Machine, arg: object) -> None:
    _extend(m, m.marked())


def _extend(m: _Machine, values: list[object]) -> None:
    if m.stack and isinstance(m.stack[-1], _Items):
        m.stack[-1].add(values)


def _set_item(m: _Machine, arg: object) -> None:
    value, key = m.pop(), m.pop()
    _extend(m, [one for one in (key, value) if _reaches(one)])


def _set_items(m: _Machine, arg: object) -> None:
    _extend(m, [one for one in m.marked() if _reaches(one)])


def _put(m: _Machine, arg: object) -> None:
    if m.stack and isinstance(arg, int):
        m.memo[arg] = m.stack[-1]


def _memoize(m: _Machine, arg: object) -> None:
    if m.stack:
        m.memo[len(m.memo)] = m.stack[-1]


def _get(m: _Machine, arg: object) -> None:
    m.stack.append(m.memo.get(arg) if isinstance(arg, int) else None)


def _dup(m: _Machine, arg: object) -> None:
    m.stack.append(m.stack[-1] if m.stack else None)


def _pop_mark(m: _Machine, arg: object) -> None:
    m.marked()


def _empty(m: _Machine, arg: object) -> None:
    m.stack.append(_Items())


_ACTS: dict[str, Callable[[_Machine, object], None]] = {
    "MARK": _mark,
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "NEWOBJ": _reduce,
    "NEWOBJ_EX": _new_keywords,
    "INST": _inst,
    "OBJ": _obj,
    "BUILD": _build,
    "TUPLE1": _tuple(1),
    "TUPLE2": _tuple(2),
    "TUPLE3": _tuple(3),
    "EMPTY_TUPLE": _tuple(0),
    "TUPLE": _tuple_marked,
    "LIST": _list_marked,
    "DICT": _list_marked,
    "FROZENSET": _list_marked,
    "EMPTY_LIST": _empty,
    "EMPTY_DICT": _empty,
    "EMPTY_SET": _empty,
    "APPEND": _append,
    "APPENDS": _appends,
    "ADDITEMS": _appends,
    "SETITEM": _set_item,
    "SETITEMS": _set_items,
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _put),
    "MEMOIZE": _memoize,
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _get),
    "DUP": _dup,
    "POP_MARK": _pop_mark,
}
