"""What each instruction of CPython 3.6 to 3.14 does to the values of stack.py's machine."""

from __future__ import annotations

from collections.abc import Callable

from stockade import limits
from stockade.analyse.bytecode.opcodes import instructions
from stockade.analyse.bytecode.spelling import identifier
from stockade.analyse.bytecode.stack import UNKNOWN_NAME, Base, Item, handlers, steps, with_next

#: What a class body binds before anything that its author wrote.
_CLASS_NAMES = frozenset(
    {"__module__", "__qualname__", "__firstlineno__", "__static_attributes__", "__classcell__"}
)
#: Instructions that take so many values off the stack and put so many on that nobody looks at.
_EFFECTS = {
    "GET_LEN": (0, 1),
    "MATCH_MAPPING": (0, 1),
    "MATCH_SEQUENCE": (0, 1),
    "MATCH_KEYS": (0, 1),
    "MATCH_CLASS": (3, 1),
    "GET_ANEXT": (0, 1),
    "WITH_EXCEPT_START": (0, 1),
    "PUSH_EXC_INFO": (0, 1),
    "CHECK_EXC_MATCH": (1, 1),
    "CHECK_EG_MATCH": (2, 2),
    "JUMP_IF_NOT_EXC_MATCH": (2, 0),
    "PREP_RERAISE_STAR": (2, 1),
    "CALL_INTRINSIC_2": (2, 1),
    "CLEANUP_THROW": (3, 2),
    "DELETE_SUBSCR": (2, 0),
    "DELETE_ATTR": (1, 0),
    "SEND": (1, 0),
    "YIELD_FROM": (1, 0),
    "BUILD_TEMPLATE": (2, 1),
    "LOAD_FROM_DICT_OR_DEREF": (1, 0),
    "LOAD_FROM_DICT_OR_GLOBALS": (1, 0),
}
Operation = Callable[["Machine", str, int, int], None]
_TABLE: dict[str, Operation] = {}


def on(*names: str) -> Callable[[Operation], Operation]:
    """Say which instructions a function carries out."""

    def keep(operation: Operation) -> Operation:
        _TABLE.update(dict.fromkeys(names, operation))
        return operation

    return keep


class Machine(Base):
    """Runs the instructions of one code object, in order, once; acting.py holds those that call, import and jump."""

    def run(self) -> None:
        """Write the text of the whole code object."""
        known = frozenset(instructions(self.version).values())
        if self.version >= (3, 11):
            self.handlers = handlers(self.source)
        for following, name, arg, upcoming in with_next(steps(self.source, self.version)):
            self.upcoming = upcoming
            self.out.steps += 1
            if self.out.steps > limits.MAX_INSTRUCTIONS or self.out.cut:
                self.out.cut = True
                break
            self.at = following - 1
            self.close(self.at)
            handler = self.handlers.get(self.at)
            if handler is not None:
                self.cut_to(handler[0])
                for _ in range(handler[1]):
                    self.push(UNKNOWN_NAME, kind="unknown")
            self.step(name, arg, following)
            if name not in known:
                self.out.doubts += 1
        self.close(1 << 40)
        self.cut_to(0)

    def step(self, name: str, arg: int, following: int) -> None:
        """One instruction; those without effect on what is written have none here."""
        operation = _TABLE.get(name)
        if operation is not None:
            operation(self, name, arg, following)
            return
        effect = _EFFECTS.get(name)
        if effect is not None:
            self.take(min(effect[0], len(self.stack)))
            for _ in range(effect[1]):
                self.push(UNKNOWN_NAME, kind="unknown")
        if name.startswith("LOAD_FROM_DICT"):
            names = self.source.names if name.endswith("GLOBALS") else self.local_names(deref=True)
            self.push(self.bound(arg, names))

    def local_names(self, *, deref: bool = False) -> tuple[str, ...]:
        """The names that LOAD_FAST, or with `deref` LOAD_DEREF, means."""
        return self.source.cells if deref and self.version < (3, 11) else self.source.variables

    def target(self, name: str, arg: int, following: int) -> int:
        """Where a jump leads, as the number of an instruction."""
        found = self._target(name, arg, following)
        if found > len(self.source.code) // 2:
            self.out.doubts += 1
        return found

    def _target(self, name: str, arg: int, following: int) -> int:
        version = self.version
        if version < (3, 10):
            absolute = name not in {"JUMP_FORWARD", "FOR_ITER"} and not name.startswith("SETUP")
            return arg // 2 if absolute else following + arg // 2
        if version < (3, 11):
            relative = name in {"JUMP_FORWARD", "FOR_ITER"} or name.startswith("SETUP")
            return following + arg if relative else arg
        if "BACKWARD" in name:
            return following - arg
        cached = (version >= (3, 12) and name == "FOR_ITER") or (
            version >= (3, 13) and name.startswith("POP_JUMP")
        )
        return following + arg + cached


@on("LOAD_CONST")
def _load_const(m: Machine, name: str, arg: int, following: int) -> None:
    const = m.const(arg)
    m.push(m.spell(arg), kind="const", const=const)


@on("LOAD_SMALL_INT")
def _load_small(m: Machine, name: str, arg: int, following: int) -> None:
    m.push(str(arg), kind="const", const=arg)


@on("LOAD_NAME", "LOAD_GLOBAL")
def _load_name(m: Machine, name: str, arg: int, following: int) -> None:
    null = False
    if name == "LOAD_GLOBAL" and m.version >= (3, 11):
        null, arg = bool(arg & 1), arg >> 1
    if null and m.version < (3, 13):
        m.push("", kind="null")
    m.push(m.bound(arg, m.source.names))
    if null and m.version >= (3, 13):
        m.push("", kind="null")


@on("LOAD_FAST", "LOAD_FAST_BORROW", "LOAD_FAST_CHECK", "LOAD_FAST_AND_CLEAR")
def _load_fast(m: Machine, name: str, arg: int, following: int) -> None:
    m.push(m.bound(arg, m.local_names()))


@on("LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_CLOSURE")
def _load_deref(m: Machine, name: str, arg: int, following: int) -> None:
    m.push(m.bound(arg, m.local_names(deref=True)))


@on("LOAD_FAST_LOAD_FAST", "LOAD_FAST_BORROW_LOAD_FAST_BORROW")
def _load_two(m: Machine, name: str, arg: int, following: int) -> None:
    m.push(m.bound(arg >> 4, m.local_names()))
    m.push(m.bound(arg & 15, m.local_names()))


@on("STORE_FAST_LOAD_FAST")
def _store_load(m: Machine, name: str, arg: int, following: int) -> None:
    m.assign(m.bound(arg >> 4, m.local_names()), m.pop())
    m.push(m.bound(arg & 15, m.local_names()))


@on("STORE_FAST_STORE_FAST")
def _store_two(m: Machine, name: str, arg: int, following: int) -> None:
    m.assign(m.bound(arg >> 4, m.local_names()), m.pop())
    m.assign(m.bound(arg & 15, m.local_names()), m.pop())


@on("STORE_FAST")
def _store_fast(m: Machine, name: str, arg: int, following: int) -> None:
    m.assign(m.bound(arg, m.local_names()), m.pop())


@on("STORE_DEREF")
def _store_deref(m: Machine, name: str, arg: int, following: int) -> None:
    m.assign(m.bound(arg, m.local_names(deref=True)), m.pop())


@on("STORE_NAME", "STORE_GLOBAL")
def _store_name(m: Machine, name: str, arg: int, following: int) -> None:
    target, item = m.bound(arg, m.source.names), m.pop()
    if target == "__doc__" or (target in _CLASS_NAMES and not m.level):
        return
    if name == "STORE_GLOBAL" and not m.level:
        m.out.emit(f"global {target}")
    m.assign(target, item)


@on("LOAD_ATTR", "LOAD_METHOD")
def _load_attr(m: Machine, name: str, arg: int, following: int) -> None:
    method = name == "LOAD_METHOD"
    if m.version >= (3, 12):
        method, arg = bool(arg & 1), arg >> 1
    owner = m.pop()
    text = attribute(m, owner, m.raw(arg))
    if method and m.version < (3, 13):
        m.push("", kind="null")
    m.push(text, owner.depth)
    if method and m.version >= (3, 13):
        m.push("", kind="null")


def attribute(m: Machine, owner: Item, name: str) -> str:
    """The text of an attribute, by ``getattr`` where Python text cannot hold its name."""
    text = m.read(owner)
    if identifier(name) != name:
        return f"getattr({text}, {name!r})"
    return f"({text}).{name}" if text[:1].isdigit() else f"{text}.{name}"


@on("LOAD_SUPER_ATTR")
def _load_super(m: Machine, name: str, arg: int, following: int) -> None:
    m.take(3)
    text = f"super().{identifier(m.raw(arg >> 2))}"
    if arg & 1 and m.version < (3, 13):
        m.push("", kind="null")
    m.push(text)
    if arg & 1 and m.version >= (3, 13):
        m.push("", kind="null")


@on("STORE_ATTR")
def _store_attr(m: Machine, name: str, arg: int, following: int) -> None:
    owner = m.pop()
    target = attribute(m, owner, identifier(m.raw(arg)))
    m.assign(target, m.pop())


def inside(m: Machine, key: Item) -> str:
    """The text of a subscript's inside."""
    return key.parts[0] if key.kind == "slice" and key.parts else m.read(key)


@on("STORE_SUBSCR")
def _store_subscript(m: Machine, name: str, arg: int, following: int) -> None:
    key, owner = m.pop(), m.pop()
    m.assign(f"{m.read(owner)}[{inside(m, key)}]", m.pop())
