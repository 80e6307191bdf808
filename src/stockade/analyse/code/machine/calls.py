"""Calls on the machine: own functions, methods of constants, and the functions that shape or hide constants."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from stockade.analyse.code import decoders, methods, ops
from stockade.analyse.code.ciphers import Cipher, Hashed
from stockade.analyse.code.machine import ciphering
from stockade.analyse.code.machine.expressions import Expressions
from stockade.analyse.code.machine.values import (
    CONTAINERS,
    Code,
    Effect,
    Env,
    Function,
    Instance,
    Method,
    Opened,
    Picker,
    Ref,
    Returned,
    Signal,
)
from stockade.analyse.code.ops import FAILURES, Unfoldable

Arguments = tuple[Any, ...]
Named = Mapping[str, Any]

#: Methods that change what they are called on.
MUTATORS = frozenset(
    {"append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear", "update", "setdefault", "add"}
    | {"discard", "popitem"}
)
_GROWING = frozenset({"append", "insert", "add", "setdefault"})
_BUILTIN_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "bytes": (bytes,),
    "bytearray": (bytes, bytearray),
    "int": (int,),
    "list": (list,),
    "dict": (dict,),
}
#: Calls that change nothing and give nothing.
_IDLE = frozenset({"print", "time.sleep", "gc.collect", "random.seed"})
#: Decorators that leave a function what it is.
_QUIET = frozenset(
    {"staticmethod", "classmethod", "property", "functools.lru_cache", "functools.cache", "functools.wraps"}
)


class Calls(Expressions):
    """Handlers of calls."""

    #: Functions that call others or give iterators; see library.py.
    library: Mapping[str, Callable[[Any, Arguments, Named], Any]] = {}

    def run(self, body: list[ast.stmt]) -> Signal | None:
        """Overridden where statements are run."""
        raise NotImplementedError

    def ordered(self, values: Any, named: Named) -> list[Any]:
        """Overridden where sorting is done."""
        raise NotImplementedError

    def advanced(self, owner: Any, args: Arguments) -> Any:
        """Overridden where iterators are advanced."""
        raise NotImplementedError

    def call(self, node: ast.Call) -> Any:
        """A call; raises Unfoldable where it is more than arithmetic on constants."""
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in MUTATORS:
            made = self._mutation(func, node)
            if made is not NotImplemented:
                return made
        callee = self.ev(func)
        args = tuple(self.elements(node.args))
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.ev(keyword.value)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict) and all(isinstance(name, str) for name in value):
                named.update(value)
            else:
                raise Unfoldable
        if isinstance(callee, Ref) and callee.target in {"exec", "eval", "compile"}:
            return self._executed(callee.target, args, named, node)
        return self.apply(callee, args, named)

    def apply(self, callee: Any, args: Arguments, named: Named) -> Any:
        """Call a value; raises Unfoldable."""
        if isinstance(callee, Function):
            if (
                callee.env is None
                and isinstance(callee.node, ast.FunctionDef)
                and not self._plainly(callee.node)
            ):
                return self.apply(self._decorated(callee), args, named)
            return self.call_function(callee, args, named)
        if isinstance(callee, Method):
            return self.method_of(callee.owner, callee.name, args, named)
        if isinstance(callee, Ref):
            return self.named_call(callee.target, args, named)
        if isinstance(callee, Picker) and len(args) == 1:
            if callee.kind == "methodcaller":
                return self.apply(self.attribute(args[0], callee.args[0]), callee.args[1:], callee.named)
            picked = [self.item(args[0], key) for key in callee.args]
            return picked[0] if len(picked) == 1 else tuple(picked)
        raise Unfoldable

    # Own functions.

    def call_function(self, function: Function, args: Arguments, named: Named) -> Any:
        """Run an own function or lambda; raises Unfoldable."""
        node = function.node
        if isinstance(node, ast.AsyncFunctionDef):
            raise Unfoldable
        self.nested()
        self.left -= 4
        outer = self.env
        env = Env(function.scope, function.env)
        try:
            self._parameters(node.args, env, function.bound + args, dict(named), function)
            self.env = env
            if isinstance(node, ast.Lambda):
                return self.ev(node.body)
            signal = self.run(node.body)
        finally:
            self.env = outer
            self.calls -= 1
        if env.yields is not None:
            return iter(env.yields)
        return signal.value if isinstance(signal, Returned) else None

    def _plainly(self, node: ast.FunctionDef) -> bool:
        """Whether its decorators leave a function what it is."""
        for one in node.decorator_list:
            value = self.ev(one.func if isinstance(one, ast.Call) else one)
            if not isinstance(value, Ref) or value.target not in _QUIET:
                return False
        return True

    def _decorated(self, function: Function) -> Any:
        """What an own decorator makes of a function."""
        node = function.node
        assert isinstance(node, ast.FunctionDef)
        outer = self.env
        # An environment of its own marks it as the bare function.
        value: Any = Function(node, function.scope, Env(function.scope), function.owner, function.bound)
        self.nested()
        try:
            self.env = Env(function.scope)
            for one in reversed(node.decorator_list):
                value = self.apply(self.ev(one), (value,), {})
        finally:
            self.env = outer
            self.calls -= 1
        return value

    def _parameters(
        self, spec: ast.arguments, env: Env, args: Arguments, named: dict[str, Any], function: Function
    ) -> None:
        names = [*spec.posonlyargs, *spec.args]
        if len(args) > len(names) and spec.vararg is None:
            raise Unfoldable
        held = env.names
        for one, value in zip(names, args, strict=False):
            held[one.arg] = value
        if spec.vararg is not None:
            held[spec.vararg.arg] = args[len(names) :]
        known = {one.arg for one in (*names, *spec.kwonlyargs)}
        for name in [name for name in named if name in known]:
            held[name] = named.pop(name)
        if spec.kwarg is not None:
            held[spec.kwarg.arg] = named
        elif named:
            raise Unfoldable
        self._defaults(spec, held, function)

    def _defaults(self, spec: ast.arguments, held: dict[str, Any], function: Function) -> None:
        names = [*spec.posonlyargs, *spec.args]
        pairs: list[tuple[ast.arg, ast.expr | None]] = list(
            zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
        )
        pairs += zip(names[len(names) - len(spec.defaults) :], spec.defaults, strict=True)
        defaults = {one.arg: default for one, default in pairs if default is not None}
        for one in (*names, *spec.kwonlyargs):
            if one.arg in held:
                continue
            if one.arg not in defaults:
                raise Unfoldable
            outer = self.env
            self.env = function.env or Env(function.scope)
            try:
                held[one.arg] = self.ev(defaults[one.arg])
            finally:
                self.env = outer

    def construct(self, cls: str, args: Arguments, named: Named) -> Instance:
        """An object of an own class; raises Unfoldable."""
        made = Instance(cls)
        found = self.host.class_attribute(cls, "__init__")
        if found is not None:
            start = self.method(self.reified(found), made)
            if not isinstance(start, Function):
                raise Unfoldable
            self.call_function(start, args, named)
        elif args or named or any(base not in self.host.classes for base in self.host.classes[cls].bases):
            raise Unfoldable
        return made

    # Methods of constants.

    def method_of(self, owner: Any, name: str, args: Arguments, named: Named) -> Any:
        """``owner.name(*args)`` on a constant; raises Unfoldable."""
        if isinstance(owner, Opened):
            return self._read(owner, name, args)
        if isinstance(owner, (Cipher, Hashed)):
            return ciphering.method(self, owner, name, args)
        if name in MUTATORS and isinstance(owner, (list, dict, set, bytearray)):
            return self._mutate(self.owned(owner), name, args, named)
        if name in {"__getitem__", "__contains__", "__len__", "__iter__", "__next__", "__call__"}:
            return self._dunder(owner, name, args)
        args = tuple(map(self.constant, args))
        made, step = methods.call(
            self.constant(owner), name, args, {key: self.constant(one) for key, one in named.items()}
        )
        if step:
            self.steps[step] = None
        if isinstance(made, CONTAINERS) and id(owner) in self.borrowed:
            self.borrowed.add(id(made))
        return self.counted(made)

    def _read(self, owner: Opened, name: str, args: Arguments) -> Any:
        if name in {"read", "readframes"}:
            size = args[0] if args and name == "read" else None
            made, owner.data = owner.data[:size], owner.data[len(owner.data) if size is None else size :]
            return self.counted(made)
        if name == "readlines" and not args:
            return owner.data.splitlines(keepends=True)
        if name in {"close", "getnframes"}:
            return None
        raise Unfoldable

    def _dunder(self, owner: Any, name: str, args: Arguments) -> Any:
        if name == "__getitem__" and len(args) == 1:
            return self.item(owner, args[0])
        if name == "__contains__" and len(args) == 1:
            return ops.compare(ast.In, args[0], self.constant(owner))
        if name == "__len__":
            return ops.sized(len(self.constant(owner)))
        if name == "__iter__":
            return self.iterated(owner)
        return self.advanced(owner, args)

    def changed(self, node: ast.expr) -> Any:
        """The container that an expression names, made this run's own; raises Unfoldable."""
        owner = self.ev(node)
        if not isinstance(owner, (list, dict, set, bytearray)):
            raise Unfoldable
        if id(owner) in self.borrowed:
            owner = self.owned(owner)
            if isinstance(node, (ast.Name, ast.Attribute)):
                self.bind(node, owner)
        return owner

    def _mutation(self, func: ast.Attribute, node: ast.Call) -> Any:
        owner = self.ev(func.value)
        if not isinstance(owner, (list, dict, set, bytearray)):
            return NotImplemented
        owner = self.changed(func.value)
        args = tuple(self.elements(node.args))
        named = {one.arg: self.ev(one.value) for one in node.keywords if one.arg is not None}
        return self._mutate(owner, func.attr, args, named)

    def _mutate(self, owner: Any, name: str, args: Arguments, named: Named) -> Any:
        if name in _GROWING:
            for one in args:
                self.weigh(one)
            self.spend(1 + (len(owner) >> 10))
        else:
            self.spend(1 + (len(owner) >> 6))
            args = tuple(map(self.listed, args))
            for one in args:
                if isinstance(one, CONTAINERS):
                    self.spend(len(one))
        if len(owner) > ops.MAX_ELEMENTS or (named and name not in {"update", "sort"}):
            raise Unfoldable
        try:
            if name == "sort":
                owner[:] = self.ordered(owner, named)
                return None
            return getattr(owner, name)(*args, **named)
        except FAILURES:
            raise Unfoldable from None

    # What is known by name.

    def named_call(self, target: str, args: Arguments, named: Named) -> Any:
        """Call what a dotted name stands for; raises Unfoldable."""
        special = self.library.get(target)
        if special is not None:
            return special(self, args, named)
        if target in ciphering.CIPHERING:
            return ciphering.made(self, target, args, named)
        if target in self.host.classes:
            return self.construct(target, args, named)
        if target in _IDLE:
            return None
        if target in decoders.FUNCTIONS:
            flat = tuple(map(self.constant, args))
            made, step = decoders.call(
                target, flat, {name: self.constant(one) for name, one in named.items()}
            )
            if step:
                self.steps[step] = None
            return self.counted(made)
        kind, _, method = target.partition(".")
        if kind in _BUILTIN_TYPES and method and args and isinstance(args[0], _BUILTIN_TYPES[kind]):
            return self.method_of(args[0], method, args[1:], named)
        raise Unfoldable

    def _executed(self, target: str, args: Arguments, named: Named, node: ast.Call) -> Any:
        code = args[0] if args else named.get("source")
        text = code.text if isinstance(code, Code) else code
        if not isinstance(text, (str, bytes)):
            raise Unfoldable
        if target == "compile":
            return Code(text)
        if target == "eval":
            source = (text if isinstance(text, str) else text.decode("utf-8", "replace")).strip()
            if len(source) < 4096:
                tree = self.parsed(source)
                if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
                    return self.ev(tree.body[0].value)
        self.effect(Effect(target, text, node))
        return None

    def effect(self, effect: Effect) -> None:
        """Note code that the run hands to an interpreter; raises Unfoldable if it is too much."""
        if len(self.effects) >= 16:
            raise Unfoldable
        self.effects.append(effect)
