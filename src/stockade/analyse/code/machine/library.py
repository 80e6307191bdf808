"""The builtins and the functions of itertools, functools and operator that call others or give iterators."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stockade.analyse.code.machine.calls import Arguments, Calls, Named
from stockade.analyse.code.machine.values import Function, Instance, Picker, Ref, is_iterator
from stockade.analyse.code.ops import FAILURES, Unfoldable

_TYPES = frozenset(["str", "bytes", "bytearray", "int", "list", "dict", "tuple", "set", "float", "bool"])


class Library(Calls):
    """What is known by name and needs the machine itself."""

    def _map(self, args: Arguments, named: Named) -> Iterator[Any]:
        if len(args) < 2:
            raise Unfoldable
        rows = zip(*map(self.iterated, args[1:]), strict=False)
        made = []
        for row in rows:
            made.append(self.apply(args[0], row, {}))
            self.weigh(made[-1])
        return iter(self.counted(made))

    def _filter(self, args: Arguments, named: Named) -> Iterator[Any]:
        test, values = args
        return iter(
            [
                one
                for one in self.iterated(values)
                if self.truth(one if test is None else self.apply(test, (one,), {}))
            ]
        )

    def _reduce(self, args: Arguments, named: Named) -> Any:
        values = self.iterated(args[1])
        value = args[2] if len(args) > 2 else next(values, Unfoldable)
        if value is Unfoldable:
            raise Unfoldable
        for one in values:
            value = self.apply(args[0], (value, one), {})
        return value

    def _sorted(self, args: Arguments, named: Named) -> list[Any]:
        return self.ordered(args[0], named)

    def ordered(self, values: Any, named: Named) -> list[Any]:
        """``sorted(values, key=…, reverse=…)``; raises Unfoldable."""
        values = list(self.iterated(values))
        key = named.get("key")
        self.spend(len(values) * 2)
        try:
            keys = values if key is None else [self.apply(key, (one,), {}) for one in values]
            order = sorted(range(len(values)), key=keys.__getitem__, reverse=bool(named.get("reverse")))
        except FAILURES:
            raise Unfoldable from None
        return [values[place] for place in order]

    def _zip(self, args: Arguments, named: Named) -> Iterator[Any]:
        if not args or all(isinstance(one, (itertools.cycle, itertools.count)) for one in args):
            raise Unfoldable
        return zip(*map(self.iterated, args), strict=False)

    def _enumerate(self, args: Arguments, named: Named) -> Iterator[Any]:
        start = args[1] if len(args) > 1 else named.get("start", 0)
        return enumerate(self.iterated(args[0]), start)

    def _iter(self, args: Arguments, named: Named) -> Iterator[Any]:
        return self.iterated(args[0])

    def advanced(self, owner: Any, args: Arguments) -> Any:
        """``next(owner, *args)``; raises Unfoldable."""
        self.spend(1)
        if not is_iterator(owner):
            raise Unfoldable
        missing = args[0] if args else Unfoldable
        found = next(owner, missing)
        if found is Unfoldable:
            raise Unfoldable
        return found

    def _cycle(self, args: Arguments, named: Named) -> Iterator[Any]:
        values = list(self.iterated(args[0]))
        if not values:
            raise Unfoldable
        return itertools.cycle(values)

    def _count(self, args: Arguments, named: Named) -> Iterator[Any]:
        if not all(isinstance(one, int) for one in args):
            raise Unfoldable
        return itertools.count(*args)

    def _chain(self, args: Arguments, named: Named) -> Iterator[Any]:
        return itertools.chain(*map(self.iterated, args))

    def _flatten(self, args: Arguments, named: Named) -> Iterator[Any]:
        return itertools.chain(*map(self.iterated, self.iterated(args[0])))

    def _getattr(self, args: Arguments, named: Named) -> Any:
        if not isinstance(args[1], str):
            raise Unfoldable
        return self.attribute(args[0], args[1])

    def _import(self, args: Arguments, named: Named) -> Ref:
        if not args or not isinstance(args[0], str):
            raise Unfoldable
        return Ref(args[0])

    def _names(self, args: Arguments, named: Named) -> Ref:
        return Ref("globals")

    def _open(self, args: Arguments, named: Named) -> Any:
        mode = args[1] if len(args) > 1 else named.get("mode", "r")
        if not args or not isinstance(args[0], str) or not isinstance(mode, str) or self.host.members is None:
            raise Unfoldable
        if any(letter in mode for letter in "wax+"):
            raise Unfoldable
        own = args[0].endswith(f"/{self.host.path}")
        path = self.host.path if own else self.host.members.find(args[0], self.host.path)
        return self.handle(path, "b" if "b" in mode else "t")

    def _same(self, args: Arguments, named: Named) -> Any:
        return args[0]

    def _folder(self, args: Arguments, named: Named) -> str:
        return str(self.constant(args[0])).rpartition("/")[0]

    def _isinstance(self, args: Arguments, named: Named) -> bool:
        kinds = args[1] if isinstance(args[1], tuple) else (args[1],)
        names = {one.target for one in kinds if isinstance(one, Ref)}
        if len(names) != len(kinds) or not names <= _TYPES | self.host.classes.keys():
            raise Unfoldable
        return (isinstance(args[0], Instance) and args[0].cls in names) or type(args[0]).__name__ in names

    def _any(self, args: Arguments, named: Named) -> bool:
        return any(self.truth(one) for one in self.iterated(args[0]))

    def _all(self, args: Arguments, named: Named) -> bool:
        return all(self.truth(one) for one in self.iterated(args[0]))

    def _partial(self, args: Arguments, named: Named) -> Any:
        callee = args[0]
        if isinstance(callee, Function) and not named:
            return Function(callee.node, callee.scope, callee.env, callee.owner, callee.bound + args[1:])
        raise Unfoldable

    def _itemgetter(self, args: Arguments, named: Named) -> Picker:
        return Picker("itemgetter", args)

    def _methodcaller(self, args: Arguments, named: Named) -> Picker:
        return Picker("methodcaller", args, dict(named))

    def _type(self, args: Arguments, named: Named) -> Ref:
        if len(args) != 1:
            raise Unfoldable
        return Ref(args[0].cls if isinstance(args[0], Instance) else type(args[0]).__name__)

    def _next_of(self, args: Arguments, named: Named) -> Any:
        return self.advanced(args[0], args[1:])

    library: Mapping[str, Callable[[Any, Arguments, Named], Any]] = {
        "map": _map,
        "itertools.starmap": lambda self, args, named: iter(
            [self.apply(args[0], tuple(row), {}) for row in self.iterated(args[1])]
        ),
        "filter": _filter,
        "functools.reduce": _reduce,
        "reduce": _reduce,
        "sorted": _sorted,
        "zip": _zip,
        "enumerate": _enumerate,
        "iter": _iter,
        "next": _next_of,
        "itertools.cycle": _cycle,
        "itertools.count": _count,
        "itertools.chain": _chain,
        "itertools.chain.from_iterable": _flatten,
        "getattr": _getattr,
        "__import__": _import,
        "importlib.import_module": _import,
        "globals": _names,
        "locals": _names,
        "isinstance": _isinstance,
        "open": _open,
        "io.open": _open,
        "codecs.open": _open,
        "os.path.abspath": _same,
        "os.path.realpath": _same,
        "os.path.dirname": _folder,
        "any": _any,
        "all": _all,
        "functools.partial": _partial,
        "operator.itemgetter": _itemgetter,
        "operator.methodcaller": _methodcaller,
        "type": _type,
    }
