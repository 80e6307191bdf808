"""Indirections: what ``getattr``, ``__import__``, ``globals()``, ``partial`` and their kin stand for."""

from __future__ import annotations

import ast
from collections.abc import Callable

from stockade.analyse.code.abstract import NOTHING, UNKNOWN, Abstract, derived, merge_steps
from stockade.analyse.code.comprehensions import Comprehensions
from stockade.analyse.code.machine.library import Library
from stockade.analyse.code.machine.values import Held, Method

Keywords = dict[str, Abstract]
Arguments = tuple[Abstract, ...]
#: Builtins that are left to the machine.
_MACHINED_NAMES = (
    "map filter reduce sorted zip enumerate next any all functools.reduce itertools.chain itertools.starmap"
    " itertools.chain.from_iterable operator.itemgetter operator.methodcaller"
)
_MACHINED = frozenset(_MACHINED_NAMES.split())
#: Methods of an archive's importer that are given the name of a module in it.
_ARCHIVED = tuple(
    f"zipimport.zipimporter.{method}"
    for method in ("load_module", "find_module", "find_spec", "get_code", "exec_module")
)
Special = Callable[[Arguments, Keywords, ast.Call], Abstract | None]


class Indirections(Comprehensions):
    """Calls of builtins that name, import or wrap something else."""

    @property
    def specials(self) -> dict[str, Special]:
        """Targets with a meaning of their own."""
        return {
            "getattr": self._getattr,
            "__import__": self._import,
            "importlib.import_module": self._import,
            "importlib.__import__": self._import,
            "builtins.__import__": self._import,
            "vars": self._vars,
            "globals": self._namespace,
            "locals": self._namespace,
            **{name: self._machined for name in Library.library if name in _MACHINED},
            "functools.partial": self._partial,
            "super": self._super,
            "operator.attrgetter": self._attrgetter,
            "codecs.getdecoder": self._codec,
            "codecs.getencoder": self._codec,
            "sys.modules.get": self._module,
            "sys.modules.__getitem__": self._module,
            "setattr": self._setattr,
            "asyncio.run": self._first,
            "pathlib.Path": self._path,
            "type": self._type,
            **dict.fromkeys(_ARCHIVED, self._import),
        }

    @property
    def special_table(self) -> dict[str, Special]:
        """`specials`, built once."""
        if self._specials is None:
            self._specials = self.specials
        return self._specials

    _specials: dict[str, Special] | None = None

    def reached(self, args: Arguments) -> None:
        """Own functions handed to something that runs them."""
        self.unit.edges.update(part.target for part in args if part.target and not part.made)

    def _getattr(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if len(args) < 2 or not args[1].known or not isinstance(args[1].const, str):
            return None
        owner = args[0]
        if owner.const is not None and not owner.target:
            target = f"{type(owner.const).__name__}.{args[1].const}"
            if owner.known:
                return Held.of(Method(owner.const, args[1].const), target, owner.origins)
            return Abstract(False, None, (), owner.origins, target, made=True)
        first = node.args[0] if node.args else None
        return self.member(owner, args[1].const, first)

    def _import(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        name = args[0] if args else keywords.get("name", UNKNOWN)
        if not name.known or not isinstance(name.const, str) or not name.const:
            return None
        full = name.const
        if full.startswith("."):
            package = args[1].const if len(args) > 1 else keywords.get("package", UNKNOWN).const
            full = f"{package}{full}" if isinstance(package, str) else f"{self.module}{full}"
        self.unit.imports.add(full)
        top = isinstance(node.func, ast.Name) and not args[1:] and "fromlist" not in keywords
        return Abstract(target=full.split(".")[0] if top and node.func.id == "__import__" else full)  # type: ignore[attr-defined]

    def _vars(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if args and args[0].target:
            return Abstract(target=f"{args[0].target}.__dict__")
        return Abstract(target="vars")

    def _namespace(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        return Abstract(target="globals")

    def _module(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if args and args[0].known and isinstance(args[0].const, str):
            return Abstract(target=args[0].const)
        return None

    def _first(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        self.reached(args)
        return None

    def _partial(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if not args or not args[0].target:
            return None
        key = f"<partial>:{len(self.partials)}"
        self.partials[key] = (args[0].target, args[1:], keywords)
        return Abstract(False, None, (), derived(args).origins, key, made=True)

    def _codec(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        name = args[0] if args else keywords.get("encoding", UNKNOWN)
        if not name.known:
            return None
        key = f"<partial>:{len(self.partials)}"
        self.partials[key] = (f"{self.called}:", (), {"encoding": name})
        return Abstract(target=key, made=True)

    def _super(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        cls = self.scope.cls
        if cls is None or not cls.bases:
            return None
        return Abstract(target=cls.bases[0], made=True)

    def _attrgetter(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if args and args[0].known and isinstance(args[0].const, str):
            return Abstract(True, args[0].const, (), NOTHING, "operator.attrgetter:")
        return None

    def _setattr(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if len(args) == 3 and args[1].known and node.args and isinstance(node.args[0], ast.Name):
            self.scope.bind(f"{node.args[0].id}.{args[1].const}", args[2])
        return None

    def _path(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        if not args or all(part.const is None for part in args):
            return None
        text = "/".join(part.text() for part in args)
        origins = derived(args).origins | {"pathlib.Path"}
        return Abstract(False, text, merge_steps(args), origins, "pathlib.Path", made=True)

    def _type(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        """``type(lambda: 0)`` is another way to spell FunctionType, ``type(f.__code__)`` CodeType."""
        if len(args) != 1 or keywords:
            return None
        target = args[0].target
        if target.endswith(".__code__"):
            return Abstract(target="types.CodeType")
        own = target in self.lambdas or (target in self.functions and not args[0].made)
        return Abstract(target="types.FunctionType") if own else None

    def _machined(self, args: Arguments, keywords: Keywords, node: ast.Call) -> Abstract | None:
        """Functions that call others or give iterators: all of it is run, or nothing."""
        self.reached(args[:1])
        return self.attempt(lambda machine: machine.expression(node), node)
