"""Layers: code that is held in a constant, walked as if it stood where it is run."""

from __future__ import annotations

import ast
import re

from stockade import limits
from stockade.analyse.bytecode.pickles import UNPICKLERS, unpickled
from stockade.analyse.code.abstract import UNKNOWN, Abstract
from stockade.analyse.code.calls import Calls
from stockade.analyse.code.facts import Constant
from stockade.analyse.code.machine.values import Code, Held
from stockade.analyse.code.parse import parse_text, salvaged
from stockade.analyse.code.resolve import Arguments, Keywords
from stockade.analyse.code.scope import Layer

#: Shorter text that is written to a file is no program.
_MIN_WRITTEN = 40
_IMPORTS = re.compile(r"^[ \t]*(?:import|from)\s+\w|__import__\(", re.MULTILINE)
#: ``python -c "…"`` inside one command line.
_COMMAND = re.compile(
    r"(?:python[\d.]*w?(?:\.exe)?|py|\{\})[\"']?\s+(?:-\w+\s+)*-c\s+([\"'])(.+)\1", re.DOTALL
)


#: Make a function of a code object.
_CODE_OBJECTS = frozenset({"types.FunctionType", "types.LambdaType"})


class Layers(Calls):
    """``exec``, ``eval`` and ``compile`` of constants, and code that is handed to another interpreter."""

    def body(self, statements: list[ast.stmt]) -> None:
        """A block, statement by statement."""
        raise NotImplementedError

    def enter_layer(
        self, target: str, args: Arguments, keywords: Keywords, node: ast.expr
    ) -> Abstract | None:
        """``exec`` of a constant: its code is walked as if it stood there; ``eval`` also has a value. Of a pickle the
        calls that it makes are walked."""
        code = args[0] if args else keywords.get("source", UNKNOWN)
        if target in UNPICKLERS:
            called = unpickled(code.const).text if code.known and isinstance(code.const, bytes) else ""
            return self.peel(called, node) if called else None
        if target == "eval" and isinstance(code, Held) and isinstance(code.what, Code):
            return code.what.value
        if target in _CODE_OBJECTS:
            code = args[0] if args else keywords.get("code", UNKNOWN)
            if isinstance(code, Held) and isinstance(code.what, Code):
                return None  # walked where it was compiled
            target = "exec"
        code = self.code_of(code)
        if not code.known or not isinstance(code.const, (str, bytes)) or not code.const:
            return None
        value = self.peel(code.const, node, value=target != "exec")
        if target == "compile":
            return Held.of(Code(code.const, value), target, code.sources() | {target})
        return value

    def carried(self, target: str, args: Arguments, keywords: Keywords, node: ast.Call) -> None:
        """Code that is written to a file, or given to an interpreter by ``-c``."""
        value = args[0] if args else keywords.get("args", UNKNOWN)
        const = value.const
        if const is None:
            return
        code = (
            _written(const) if target.endswith(("write", "write_text", "write_bytes")) else _commanded(const)
        )
        if code:
            self.peel(code, node)

    def peel(self, code: str | bytes, node: ast.expr, *, value: bool = False) -> Abstract | None:
        """Walk a constant as code one layer down; its value if asked for and it is one expression."""
        depth = self.layers[self.layer].depth + 1
        if depth > limits.MAX_LAYERS or len(self.layers) > limits.MAX_LAYERS_PER_FILE:
            self.truncated.add(
                f"more than {limits.MAX_LAYERS} layers of code inside code, or too many of them"
            )
            return None
        text = (code if isinstance(code, str) else code.decode("utf-8", "replace")).strip("\ufeff \t\r\n")
        try:
            tree = parse_text(text)
        except (SyntaxError, ValueError) as why:
            # A payload for Python 2, or one that lost a character on its way, is a payload all the same.
            rest = salvaged(text, why) if _IMPORTS.search(text) else None
            if rest is None:
                return None
            tree = rest
        except (RecursionError, MemoryError):
            self.truncated.add("code inside code is nested too deeply to be parsed")
            return None
        self.peeled.add(code)
        before = (self.layer, self.line)
        self.line = self.line if self.layer else node.lineno
        self.layers.append(Layer(text, depth))
        self.layer = len(self.layers) - 1
        try:
            if value and len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr):
                return self.eval(tree.body[0].value)
            self.body(tree.body)
        finally:
            self.layer, self.line = before
        return None


def _written(const: Constant) -> str | bytes:
    if isinstance(const, str):
        text = const
    elif isinstance(const, bytes):
        text = const.decode("latin-1")
    else:
        return ""
    return const if len(text) >= _MIN_WRITTEN and "\n" in text and _IMPORTS.search(text) else ""


def _commanded(const: Constant) -> str:
    if isinstance(const, str):
        found = _COMMAND.search(const)
        return found[2] if found else ""
    if isinstance(const, (list, tuple)) and "-c" in const:
        place = list(const).index("-c")
        shell = isinstance(const[0], str) and const[0].rpartition("/")[2] in {"sh", "bash", "zsh", "cmd"}
        code = const[place + 1] if place + 1 < len(const) else ""
        return code if place and not shell and isinstance(code, str) else ""
    return ""
