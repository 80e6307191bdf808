"""The budget of a run and the names that it sees."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from stockade.analyse.code import ops
from stockade.analyse.code.abstract import HOLE, NOTHING, Abstract
from stockade.analyse.code.machine.values import (
    CONTAINERS,
    Effect,
    Env,
    Function,
    Held,
    Instance,
    Method,
    Opened,
    Ref,
    is_iterator,
)
from stockade.analyse.code.members import Content, Handle, Members, shaped
from stockade.analyse.code.ops import MAX_ELEMENTS, Unfoldable
from stockade.analyse.code.scope import BUILTINS, ClassInfo, LambdaInfo, Pending, Scope

#: Calls of the file's own functions from inside one another.
_MAX_CALLS = 40
#: Steps of a run, and how many more each element of the data allows that it works on.
_ALLOWANCE, _EACH_ELEMENT = 30_000, 60
#: A text of this length is data.
_DATA = 32
#: Layers that one run may hand out.
MAX_EFFECTS = 16


class Host(Protocol):
    """What the walk over a file knows, as far as the machine asks."""

    module: str
    functions: dict[str, Pending]
    classes: dict[str, ClassInfo]
    lambdas: dict[str, LambdaInfo]
    root: Scope
    members: Members | None
    path: str

    def member(self, owner: Abstract, name: str, node: ast.expr | None = None) -> Abstract: ...

    def unbound(self, name: str) -> Abstract: ...

    def class_attribute(self, qualified: str, name: str) -> Abstract | None: ...

    def parsed(self, text: str) -> ast.Module | None: ...


class Core:
    """State of one run, thrown away after it. `steps` are what was undone, `origins` what was looked up."""

    def __init__(self, host: Host, scope: Scope, most: int) -> None:
        self.host = host
        self.env = Env(scope)
        self.left = min(_ALLOWANCE, most)
        self.reserve = most - self.left
        self.calls = 0
        self.steps: dict[str, None] = {}
        self.origins: frozenset[str] = NOTHING
        self.globals: dict[str, Any] = {}
        self.effects: list[Effect] = []
        self.opened = False
        #: Containers of the walk, which facts may share: changed only in a copy.
        self.borrowed: set[int] = set()
        self._parsed: dict[str, ast.Module | None] = {}
        self._seen: set[int] = set()

    def spend(self, steps: int) -> None:
        """Count work; raises Unfoldable when the run's budget is spent."""
        self.left -= steps
        if self.left < 0:
            raise Unfoldable

    def feed(self, const: Any) -> None:
        """Allow more work where there are data to be worked on: each piece of data once."""
        if id(const) not in self._seen:
            self._seen.add(id(const))
            more = min(_EACH_ELEMENT * len(const), self.reserve)
            self.left += more
            self.reserve -= more

    def weigh(self, value: object) -> None:
        """Count what keeping `value` in a container costs in memory."""
        if isinstance(value, (str, bytes, bytearray)) and len(value) > 256:
            self.spend(len(value) >> 8)

    def nested(self) -> None:
        """Count one more call inside another; raises Unfoldable."""
        self.calls += 1
        if self.calls > _MAX_CALLS:
            raise Unfoldable

    # Names.

    def lookup(self, name: str) -> Any:
        """The value of a name; raises Unfoldable."""
        env: Env | None = self.env
        while env is not None:
            if name in env.names and name not in env.globals:
                return env.names[name]
            scope = env.scope
            env = env.parent
        if name in self.globals:
            return self.globals[name]
        found = scope.find(name)
        if found is not None:
            return self.reified(found)
        if name in BUILTINS:
            return Ref(name)
        if name == "__file__":
            return f"{HOLE}/{self.host.path}"
        return self.reified(self.host.unbound(name))

    def reified(self, abstract: Abstract) -> Any:
        """A value of the walk as one of the machine's; raises Unfoldable if it isn't known."""
        if abstract.known:
            const = abstract.const
            if abstract.steps:
                self.steps.update(dict.fromkeys(abstract.steps))
            if abstract.origins:
                self.origins |= abstract.origins
            if isinstance(const, (list, dict, bytearray, set)):
                self.borrowed.add(id(const))
                self.feed(const)
            elif isinstance(const, (str, bytes)) and len(const) > _DATA:
                self.feed(const)
            return const
        if isinstance(abstract, (Held, Content, Handle)):
            return self._behind(abstract)
        target = abstract.target
        if not target:
            raise Unfoldable
        if abstract.made:
            info = self.host.lambdas.get(target)
            if info is None:
                raise Unfoldable
            return Function(info.node, info.scope)
        return self.named(target)

    def _behind(self, abstract: Held | Content | Handle) -> Any:
        if isinstance(abstract, Held):
            return abstract.what
        if isinstance(abstract, Handle):
            return self.handle(abstract.path, abstract.kind)
        self.opened = True
        self.steps.update(dict.fromkeys(abstract.steps))
        self.origins |= abstract.origins
        const = abstract.constant()
        self.feed(const)
        return const

    def handle(self, path: str, kind: str) -> Opened:
        """An open member of the artifact; raises Unfoldable."""
        if self.host.members is None or not path:
            raise Unfoldable
        self.opened = True
        self.origins |= {"open", "open.read"}
        data = shaped(self.host.members.read(path), kind)
        self.feed(data)
        return Opened(data)

    def named(self, target: str, bound: tuple[Any, ...] = ()) -> Any:
        """What a dotted name stands for."""
        pending = self.host.functions.get(target)
        if pending is not None:
            owner = pending.cls.qualified if pending.cls is not None else ""
            return Function(pending.node, pending.scope, None, owner, bound)
        return Ref(target)

    def assign(self, name: str, value: Any) -> None:
        """Bind a name where Python would."""
        self.weigh(value)
        env = self.env
        if name in env.globals:
            self.globals[name] = value
            return
        if name in env.nonlocals:
            outer = env.parent
            while outer is not None:
                if name in outer.names:
                    outer.names[name] = value
                    return
                outer = outer.parent
            raise Unfoldable
        env.names[name] = value

    def field(self, owner: Instance, name: str) -> Any:
        """An attribute of an own object; raises Unfoldable."""
        if name in owner.fields:
            return owner.fields[name]
        found = self.host.class_attribute(owner.cls, name)
        if found is None:
            raise Unfoldable
        if found.target and not found.made and not found.known:
            return self.method(self.named(found.target), owner)
        value = self.reified(found)
        return self.method(value, owner) if isinstance(value, Function) else value

    def method(self, function: Any, owner: Any) -> Any:
        """A function of a class as seen from an object of it, or from the class."""
        if not isinstance(function, Function):
            return function
        kinds = _decorated(function)
        if "staticmethod" in kinds:
            return function
        if "classmethod" in kinds:
            cls = owner.cls if isinstance(owner, Instance) else function.owner
            return Function(function.node, function.scope, function.env, function.owner, (Ref(cls),))
        if not isinstance(owner, Instance):
            return function
        bound = Function(function.node, function.scope, function.env, function.owner, (owner,))
        return self.call_function(bound, (), {}) if "property" in kinds else bound

    def call_function(self, function: Function, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """Overridden where functions are run."""
        raise NotImplementedError

    # Containers.

    def owned(self, value: Any) -> Any:
        """`value` if this run made it, else a copy of it that may be changed."""
        if id(value) in self.borrowed:
            self.spend(1 + (len(value) >> 4))
            return value.copy()
        return value

    def iterated(self, value: Any) -> Iterator[Any]:
        """What iterating over a value gives, each step counted; raises Unfoldable."""
        if isinstance(value, (*CONTAINERS, str, bytes, bytearray)):
            if len(value) > MAX_ELEMENTS:
                raise Unfoldable
            steps = iter(value) if isinstance(value, (str, bytes, tuple)) else iter(self._snapshot(value))
        elif is_iterator(value):
            steps = value
        elif isinstance(value, Opened) and isinstance(value.data, str):
            steps = iter(value.data.splitlines(keepends=True))
        else:
            raise Unfoldable
        for one in steps:
            self.left -= 1
            if self.left < 0:
                raise Unfoldable
            yield one

    def _snapshot(self, value: Any) -> list[Any]:
        """The elements as they are now, of a set in an order that is the same each time."""
        try:
            elements = sorted(value) if isinstance(value, (set, frozenset)) else list(value)
        except TypeError:
            raise Unfoldable from None
        if id(value) in self.borrowed:
            self.borrowed.update(id(one) for one in elements if isinstance(one, CONTAINERS))
        return elements

    def listed(self, value: Any) -> Any:
        """`value`, or a list of what it gives if it is an iterator; raises Unfoldable."""
        if not is_iterator(value):
            return value
        if isinstance(value, (itertools.cycle, itertools.count)):
            raise Unfoldable
        made = list(itertools.islice(self.iterated(value), MAX_ELEMENTS + 1))
        if len(made) > MAX_ELEMENTS:
            raise Unfoldable
        for one in made:
            self.weigh(one)
        return made

    def constant(self, value: Any) -> Any:
        """`value` where it is a constant or an iterator over such; raises Unfoldable for the machine's own."""
        value = self.listed(value)
        if isinstance(value, (Ref, Function, Instance, Method)):
            raise Unfoldable
        return value

    def counted(self, const: Any) -> Any:
        """A constant just made, its making counted; raises Unfoldable."""
        kind = type(const)
        if kind is str or kind is bytes or kind is bytearray:
            if len(const) > 4096:
                self.spend(len(const) >> 12)
        elif kind is list or kind is tuple or kind is dict or kind is set:
            self.spend(len(const) >> 6)
            if len(const) > MAX_ELEMENTS:
                raise Unfoldable
        elif kind is int and const.bit_length() > ops.MAX_BITS:
            raise Unfoldable
        return const

    def parsed(self, text: str) -> ast.Module:
        """The tree of a text that is evaluated, kept for when a loop evaluates it again; raises Unfoldable."""
        if text not in self._parsed:
            self.spend(50 + len(text))
            self._parsed[text] = self.host.parsed(text)
        tree = self._parsed[text]
        if tree is None:
            raise Unfoldable
        return tree


def _decorated(function: Function) -> frozenset[str]:
    node = function.node
    if isinstance(node, ast.Lambda):
        return NOTHING
    return frozenset(one.id for one in node.decorator_list if isinstance(one, ast.Name))
