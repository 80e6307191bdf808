"""A start-up line that hands a readable text to exec, since one line has no room for an if: what it says in full.

Only the plainest code is opened: conditions on the environment, imports, and calls of what was imported from outside
the standard library, as a tool that measures or patches its own start writes them. Whatever does more stays as it is.
"""

from __future__ import annotations

import ast
import sys

from stockade import limits

#: How long a text that such code hands on may be; a payload is longer, or is looked at as one.
_WORD = 40
_ASKED = frozenset({"os", "sys"})
_DEPTH = 3


def spelled(text: str) -> str:
    """`text` with the constants in place of the exec that runs them, or `text` itself where it does more than that."""
    if "exec" not in text or len(text) > limits.MAX_METADATA:
        return text
    said: list[str] = []
    return "\n".join(said) if _plain_text(text, said, _DEPTH) else text


def _plain_text(text: str, said: list[str], depth: int) -> bool:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(depth) and all(_plain(one, said, depth) for one in body)


def _plain(node: ast.stmt, said: list[str], depth: int) -> bool:
    if isinstance(node, ast.Import):
        said.append(ast.unparse(node))
        return all(one.name in _ASKED or _foreign(one.name) for one in node.names)
    if isinstance(node, ast.If):
        return _asks(node.test) and _all_plain([*node.body, *node.orelse], said, depth)
    if isinstance(node, ast.Try):
        # What an except clause names is evaluated, too, once something was raised.
        if not all(one.type is None or _names(one.type) for one in node.handlers):
            return False
        handled = [inner for handler in node.handlers for inner in handler.body]
        return _all_plain([*node.body, *handled, *node.orelse, *node.finalbody], said, depth)
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return isinstance(node, ast.Pass)
    call = node.value
    if (
        isinstance(call.func, ast.Name)
        and call.func.id == "exec"
        and len(call.args) == 1
        and not call.keywords
    ):
        inner = call.args[0]
        return (
            isinstance(inner, ast.Constant)
            and isinstance(inner.value, str)
            and _plain_text(inner.value, said, depth - 1)
        )
    said.append(ast.unparse(call))
    return _calls_foreign(call)


def _all_plain(nodes: list[ast.stmt], said: list[str], depth: int) -> bool:
    return all(_plain(one, said, depth) for one in nodes)


def _foreign(module: str) -> bool:
    return module.partition(".")[0] not in sys.stdlib_module_names


def _calls_foreign(call: ast.Call) -> bool:
    """``package.module.function("word")`` of what no standard library holds."""
    base: ast.expr = call.func
    if not isinstance(base, ast.Attribute):
        return False
    while isinstance(base, ast.Attribute):
        if base.attr.startswith("_"):
            return False
        base = base.value
    given = [*call.args, *(one.value for one in call.keywords)]
    if not isinstance(base, ast.Name) or base.id.startswith("_"):
        return False
    return _foreign(base.id) and all(map(_word, given))


def _names(node: ast.expr) -> bool:
    """Names and attributes, or a tuple of such."""
    return all(
        isinstance(one, ast.Name | ast.Attribute | ast.Tuple | ast.expr_context) for one in ast.walk(node)
    )


def _word(node: ast.expr) -> bool:
    if not isinstance(node, ast.Constant):
        return False
    return not isinstance(node.value, str | bytes) or len(node.value) <= _WORD


def _asks(node: ast.expr) -> bool:
    """A condition on variables of the environment, versions, or what was imported."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            if ast.unparse(inner.func) not in {"os.getenv", "os.environ.get"} or not all(
                map(_word, inner.args)
            ):
                return False
        elif not isinstance(
            inner,
            ast.BoolOp
            | ast.boolop
            | ast.UnaryOp
            | ast.unaryop
            | ast.Compare
            | ast.cmpop
            | ast.expr_context
            | ast.Name
            | ast.Attribute
            | ast.Constant
            | ast.Tuple
            | ast.keyword,
        ):
            return False
    return True
