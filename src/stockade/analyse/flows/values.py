"""One file's syntax tree -> RawModule: expressions, and the names that they bind and read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from stockade import limits
from stockade.analyse.code.scope import Record
from stockade.analyse.flows.raw import NONE, Atoms, RawCall, RawClass, RawFunction, RawModule, RawStore
from stockade.analyse.flows.vocabulary import ENVIRONMENT, is_secret, variable_of

#: Methods that put their arguments into what they are called on.
_MUTATING_NAMES = (
    "append appendleft extend add update insert setdefault write writelines put put_nowait set push __setitem__"
    " add_header putheader set_data add_data"
)
_MUTATING = frozenset(_MUTATING_NAMES.split())
_ENVIRONMENT: Atoms = frozenset({f"g:{ENVIRONMENT}"})


class Frame:
    """What names mean while one function, or one class's body, is read."""

    __slots__ = ("cls", "declared", "function", "given", "names", "parent", "prefix", "self_name", "weak")

    def __init__(
        self,
        function: RawFunction,
        *,
        parent: Frame | None = None,
        cls: RawClass | None = None,
        prefix: str = "",
        self_name: str = "",
    ) -> None:
        self.function = function
        self.parent = parent
        self.cls = cls
        self.prefix = prefix or function.name
        self.self_name = self_name
        self.names: dict[str, Atoms] = {}
        self.declared: dict[str, str] = {}
        self.given: frozenset[str] = frozenset()
        self.weak = 0


#: ``self`` as a value.
SELF: Atoms = frozenset({"s:"})
Waiting = tuple[ast.FunctionDef | ast.AsyncFunctionDef, RawFunction, Frame]


class Values:
    """Expressions to atoms."""

    def __init__(self, module: RawModule, records: Mapping[int, Record]) -> None:
        self.made = module
        self.records = records
        self.waiting: list[Waiting] = []
        self.frame: Frame
        self.level: Frame
        self.table: dict[type[ast.expr], Callable[[Any], Atoms]] = {
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.BinOp: self._binop,
            ast.BoolOp: self._boolop,
            ast.IfExp: self._ifexp,
            ast.Subscript: self._subscript,
            ast.JoinedStr: self._joined,
            ast.FormattedValue: self._through,
            ast.List: self._sequence,
            ast.Tuple: self._sequence,
            ast.Set: self._sequence,
            ast.Dict: self._dict,
            ast.Starred: self._through,
            ast.Await: self._through,
            ast.Yield: self._yield,
            ast.YieldFrom: self._yield,
            ast.NamedExpr: self._named,
            ast.Lambda: self._lambda,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.Compare: self._compare,
        }

    def eval(self, node: ast.expr) -> Atoms:
        """Where the value of `node` comes from; its calls are noted on the way."""
        handler = self.table.get(type(node))
        return handler(node) if handler is not None else NONE

    # Names.

    def is_self(self, name: str) -> bool:
        """Whether `name` is ``self`` here."""
        return bool(name) and name == self.frame.self_name and name not in self.frame.names

    def name_to(self, name: str, value: Atoms, line: int) -> None:
        """Bind a name; in a branch the old value stays possible."""
        frame = self.frame
        shared = frame.declared.get(name)
        if shared is None and frame is self.level:
            shared = f"{self.made.name}.{name}"
        if shared is not None and value:
            frame.function.globals.append((shared, value, line))
        frame.names[name] = frame.names.get(name, NONE) | value if frame.weak else value

    def captured(self, name: str) -> str:
        """The shared name of an outer function's local variable; "" if no outer function binds it."""
        frame = self.frame.parent
        while frame is not None and frame is not self.level:
            if frame.cls is None and name in frame.names:
                shared = f"{frame.function.name}.<{name}>"
                stored = frame.names[name]
                if stored and not any(
                    one[0] == shared and one[1] == stored for one in frame.function.globals
                ):
                    frame.function.globals.append((shared, stored, frame.function.line))
                return shared
            frame = frame.parent
        return ""

    def _name(self, node: ast.Name) -> Atoms:
        name = node.id
        if self.is_self(name):
            return SELF
        if name in self.frame.declared:
            return frozenset({f"g:{self.frame.declared[name]}"})
        found = self.frame.names.get(name)
        if found is not None:
            return found
        if self.frame is self.level:
            return NONE
        shared = self.captured(name)
        if shared:
            return frozenset({f"g:{shared}"})
        held = self.level.names.get(name)
        if held is None:
            return NONE
        if len(held) == 1:
            only = next(iter(held))
            if only.startswith("g:"):
                return held
        return frozenset({f"g:{self.made.name}.{name}"})

    def dotted(self, node: ast.expr) -> str:
        """The dotted name that an expression spells, "" if it is no name."""
        found = self.eval(node) if isinstance(node, (ast.Name, ast.Attribute)) else NONE
        if len(found) == 1:
            only = next(iter(found))
            if only.startswith("g:"):
                return only[2:]
        return node.id if isinstance(node, ast.Name) and not found else ""

    def _attribute(self, node: ast.Attribute) -> Atoms:
        if isinstance(node.value, ast.Name) and self.is_self(node.value.id):
            return SELF if node.attr in {"__dict__", "__class__"} else frozenset({f"f:{node.attr}"})
        owner = self.eval(node.value)
        if not owner:
            return frozenset({f"a:{node.attr}"}) if is_secret(node.attr) else NONE
        made = {f"{one}.{node.attr}" if one.startswith("g:") else one for one in owner}
        if is_secret(node.attr):
            made.add(f"a:{node.attr}")
        return frozenset(made)

    def mutate(self, node: ast.expr, value: Atoms, line: int) -> None:
        """A value that is put into the object that `node` names."""
        if not value:
            return
        attributes: list[str] = []
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
            if isinstance(node, ast.Attribute):
                attributes.append(node.attr)
            node = node.func if isinstance(node, ast.Call) else node.value
        if not isinstance(node, ast.Name):
            return
        attribute = attributes[-1] if attributes else ""
        held = self._name(node)
        if attribute and len(held) == 1 and (only := next(iter(held))).startswith("g:"):
            # A variable of another module, or a class's: clock.SETTINGS["zone"] = value.
            self.frame.function.globals.append((f"{only[2:]}.{attribute}", value, line))
            return
        if self.is_self(node.id):
            if attribute:
                self.frame.function.stores.append(RawStore(None, attribute, value, line))
        elif node.id in self.frame.names:
            self.frame.weak += 1
            self.name_to(node.id, value, line)
            self.frame.weak -= 1
        else:
            shared = self.captured(node.id) or f"{self.made.name}.{node.id}"
            self.frame.function.globals.append((shared, value, line))

    # Calls.

    def _call(self, node: ast.Call) -> Atoms:
        func = node.func
        receiver, method = NONE, ""
        if isinstance(func, ast.Attribute):
            method = func.attr
            receiver = self.eval(func.value)
        else:
            receiver = self.eval(func)
        args, keywords = self._arguments(node, exports=method == "update" and self.is_environment(receiver))
        call = RawCall(
            self._target(node, receiver, method), node.lineno, tuple(args), keywords, receiver, method
        )
        call.record = self.records.get(id(node))
        if call.record is not None:
            call.swallowed = call.record.swallowed
        if call.target in {"locals", "vars"} and not node.args:
            return NONE.union(*self.frame.names.values())
        if method in _MUTATING and isinstance(func, ast.Attribute):
            self.mutate(func.value, call.every(), node.lineno)
        if call.target == "setattr" and len(args) == 3 and isinstance(node.args[0], ast.Name):
            self._setattr(node, args[2])
        calls = self.frame.function.calls
        if len(calls) >= limits.MAX_FLOW_CALLS:
            self.made.complete = False
            return call.every() | receiver
        calls.append(call)
        return frozenset({f"c:{len(calls) - 1}"})

    def _arguments(self, node: ast.Call, *, exports: bool) -> tuple[list[Atoms], dict[str, Atoms]]:
        """Values by position and by name; if the call `exports` them, each is a variable of the environment."""
        args: list[Atoms] = []
        keywords: dict[str, Atoms] = {}
        for one in node.args:
            value = self.exported(one) if exports and isinstance(one, ast.Dict) else self.eval(one)
            if isinstance(one, ast.Starred):
                keywords["*"] = keywords.get("*", NONE) | value
            else:
                args.append(value)
        for keyword in node.keywords:
            name = keyword.arg or "**"
            keywords[name] = keywords.get(name, NONE) | self.eval(keyword.value)
            if exports:
                self._export(keyword.arg, keywords[name], node.lineno)
        return args, keywords

    def _setattr(self, node: ast.Call, value: Atoms) -> None:
        name = node.args[1].value if isinstance(node.args[1], ast.Constant) else ""
        owner = node.args[0]
        if isinstance(name, str) and name and isinstance(owner, ast.Name):
            kept = None if self.is_self(owner.id) else self.eval(owner)
            self.frame.function.stores.append(RawStore(kept, name, value, node.lineno))

    def _target(self, node: ast.Call, receiver: Atoms, method: str) -> str:
        record = self.records.get(id(node))
        if record is not None and not record.target.startswith(("?.", "<")):
            return record.target
        if len(receiver) == 1:
            only = next(iter(receiver))
            if only.startswith("g:"):
                return f"{only[2:]}.{method}" if method else only[2:]
        return ""

    # Everything else.

    def _binop(self, node: ast.BinOp) -> Atoms:
        found: list[Atoms] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            found.append(self.eval(left.right))
            left = left.left
        return self.eval(left).union(*found)

    def _boolop(self, node: ast.BoolOp) -> Atoms:
        return NONE.union(*[self.eval(one) for one in node.values])

    def _compare(self, node: ast.Compare) -> Atoms:
        """Tells one bit of what it compares."""
        for one in (node.left, *node.comparators):
            self.eval(one)
        return NONE

    def _ifexp(self, node: ast.IfExp) -> Atoms:
        self.eval(node.test)
        return self.eval(node.body) | self.eval(node.orelse)

    def _subscript(self, node: ast.Subscript) -> Atoms:
        key = NONE if isinstance(node.slice, (ast.Constant, ast.Slice)) else self.eval(node.slice)
        owner = self.eval(node.value)
        if name := self.variable(node, owner):
            return frozenset({f"g:{name}"})
        if (
            isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
            and is_secret(node.slice.value)
        ):
            return owner | {f"a:{node.slice.value}"}
        return owner | key

    def variable(self, node: ast.Subscript, owner: Atoms) -> str:
        """The variable of the environment that an item is, "" if none or one whose name is not constant."""
        record = self.records.get(id(node))
        if record is not None and record.target.startswith(f"{ENVIRONMENT}.__") and record.args:
            return variable_of(record.args[0].const)
        own = owner == _ENVIRONMENT and isinstance(node.slice, ast.Constant)
        return variable_of(node.slice.value) if own and isinstance(node.slice, ast.Constant) else ""

    def exported(self, node: ast.Dict) -> Atoms:
        """``os.environ.update({"NAME": value})``: each value is kept under its name."""
        values = [self.eval(one) for one in node.values]
        for key, value in zip(node.keys, values, strict=True):
            self._export(key.value if isinstance(key, ast.Constant) else None, value, node.lineno)
        return NONE.union(*values)

    def _export(self, name: object, value: Atoms, line: int) -> None:
        if value and (full := variable_of(name)):
            self.frame.function.globals.append((full, value, line))

    def is_environment(self, value: Atoms) -> bool:
        """Whether a value is the environment itself."""
        return value == _ENVIRONMENT

    def _joined(self, node: ast.JoinedStr) -> Atoms:
        return NONE.union(*[self.eval(one) for one in node.values if isinstance(one, ast.FormattedValue)])

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set) -> Atoms:
        return NONE.union(*[self.eval(one) for one in node.elts]) if node.elts else NONE

    def _dict(self, node: ast.Dict) -> Atoms:
        values = [self.eval(one) for one in node.values]
        keys = [self.eval(one) for one in node.keys if one is not None and not isinstance(one, ast.Constant)]
        return NONE.union(*values, *keys)

    def _through(self, node: ast.Starred | ast.Await | ast.FormattedValue) -> Atoms:
        return self.eval(node.value)

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> Atoms:
        if node.value is not None:
            self.give(self.eval(node.value), node.lineno)
        return NONE

    def give(self, value: Atoms, line: int) -> None:
        """A value that the function returns or yields."""
        raise NotImplementedError

    def _named(self, node: ast.NamedExpr) -> Atoms:
        value = self.eval(node.value)
        self.name_to(node.target.id, value, node.lineno)
        return value

    def _lambda(self, node: ast.Lambda) -> Atoms:
        plain = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        held = dict.fromkeys(plain, NONE)
        defaults = node.args.defaults
        held.update(zip(plain[len(plain) - len(defaults) :], map(self.eval, defaults), strict=True))
        for one, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
            held[one.arg] = self.eval(default) if default is not None else NONE
        return self._apart(held, lambda: self.eval(node.body))

    def _apart(self, names: Mapping[str, Atoms], act: Callable[[], Atoms]) -> Atoms:
        """Evaluate something with names of its own."""
        before = {name: self.frame.names.get(name) for name in names}
        self.frame.names.update(names)
        value = act()
        for name, old in before.items():
            if old is None:
                self.frame.names.pop(name, None)
            else:
                self.frame.names[name] = old
        return value

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Atoms:
        for one in node.generators:
            self.bind(one.target, self.eval(one.iter))
            for test in one.ifs:
                self.eval(test)
        if isinstance(node, ast.DictComp):
            return self.eval(node.key) | self.eval(node.value)
        return self.eval(node.elt)

    def bind(self, target: ast.expr, value: Atoms) -> None:
        """Bind a target of an assignment."""
        raise NotImplementedError
