"""Methods of str, bytes, int, list and dict on constants, evaluated by us under bounds."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from stockade import limits
from stockade.analyse.code import decoders, ops
from stockade.analyse.code.facts import Constant
from stockade.analyse.code.ops import Unfoldable

#: Methods that make nothing larger than what they are given.
_PLAIN_NAMES = (
    "lower upper strip lstrip rstrip title capitalize swapcase casefold removeprefix removesuffix startswith"
    " endswith find rfind index rindex count isdigit isalpha isalnum islower isupper isspace split rsplit"
    " partition rpartition splitlines hex"
)
_PLAIN_TEXT = frozenset(_PLAIN_NAMES.split())
_PADDED = frozenset({"ljust", "rjust", "center", "zfill"})
_PLAIN_OTHER = frozenset({"get", "keys", "values", "items", "index", "count", "copy", "tolist", "tobytes"})
_OLD_CODECS = frozenset(
    {"base64", "hex", "rot13", "zlib", "bz2", "uu", "rot_13", "hex_codec", "base64_codec"}
)
_DUNDERS: Mapping[str, type[ast.operator]] = {
    "__add__": ast.Add,
    "__sub__": ast.Sub,
    "__mul__": ast.Mult,
    "__mod__": ast.Mod,
    "__xor__": ast.BitXor,
    "__or__": ast.BitOr,
    "__and__": ast.BitAnd,
}
_STEPS = {"replace": "replace", "join": "join", "translate": "translate"}


def _replace(text: Any, old: Any, new: Any, count: int = -1) -> Constant:
    times = text.count(old) if old else len(text) + 1
    if len(text) + times * len(new) > limits.MAX_FOLDED:
        raise Unfoldable
    return text.replace(old, new, count)


def _join(glue: Any, parts: Any) -> Constant:
    parts = list(parts)
    if sum(map(len, parts)) + len(glue) * len(parts) > limits.MAX_FOLDED:
        raise Unfoldable
    return glue.join(parts)


def _translate(text: Any, table: Any, delete: bytes = b"") -> Constant:
    if isinstance(text, str):
        longest = max((len(made) for made in table.values() if isinstance(made, str)), default=1)
        if len(text) * max(longest, 1) > limits.MAX_FOLDED:
            raise Unfoldable
        return text.translate(table)
    return text.translate(table, delete)


def _padded(name: str, text: Any, width: Any, *fill: Any) -> Constant:
    if width > limits.MAX_FOLDED:
        raise Unfoldable
    return getattr(text, name)(width, *fill)


def _expanded(text: Any, tabsize: int = 8) -> Constant:
    if len(text) + text.count("\t") * tabsize > limits.MAX_FOLDED:
        raise Unfoldable
    return text.expandtabs(tabsize)


def _to_bytes(number: int, length: int = 1, byteorder: Any = "big", *, signed: bool = False) -> bytes:
    if length > limits.MAX_FOLDED:
        raise Unfoldable
    return number.to_bytes(length, byteorder, signed=signed)


_SHAPED: Mapping[str, Callable[..., Constant]] = {
    "replace": _replace,
    "join": _join,
    "translate": _translate,
    "expandtabs": _expanded,
}


def call(
    receiver: Constant, name: str, args: tuple[Any, ...], named: Mapping[str, Any]
) -> tuple[Constant, str]:
    """The result of ``receiver.name(*args)`` on constants, and the step that it undid; raises Unfoldable."""
    try:
        made, step = _dispatch(receiver, name, args, named)
    except ops.FAILURES:
        raise Unfoldable from None
    return ops.sized(made), step


def _dispatch(
    receiver: Any, name: str, args: tuple[Any, ...], named: Mapping[str, Any]
) -> tuple[Constant, str]:
    if isinstance(receiver, bool):
        raise Unfoldable
    if name in _DUNDERS and len(args) == 1:
        return ops.binary(_DUNDERS[name], receiver, args[0]), ""
    if name == "__getitem__" and len(args) == 1:
        return ops.item(receiver, args[0]), ""
    if isinstance(receiver, (str, bytes, bytearray)):
        return _text(receiver, name, args, named)
    if isinstance(receiver, int):
        if name == "to_bytes":
            return _to_bytes(receiver, *args, **named), "int"
        if name == "bit_length":
            return receiver.bit_length(), ""
    if isinstance(receiver, (list, tuple, dict)) and name in _PLAIN_OTHER:
        made = getattr(receiver, name)(*args, **named)
        return (list(made) if name in {"keys", "values", "items"} else made), ""
    raise Unfoldable


def _decoded(receiver: Any, args: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Constant, str]:
    if not isinstance(receiver, str):
        return decoders.call("codecs.decode", (bytes(receiver), *args), named)
    if args and args[0] in _OLD_CODECS:
        # Python 2, whose texts were bytes.
        return decoders.call("codecs.decode", (receiver, *args), named)
    raise Unfoldable


def _text(receiver: Any, name: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Constant, str]:
    if name in _PLAIN_TEXT:
        return getattr(receiver, name)(*args, **named), ""
    if name in _SHAPED:
        return _SHAPED[name](receiver, *args, **named), _STEPS.get(name, "")
    if name == "encode" and isinstance(receiver, str):
        return decoders.call("codecs.encode", (receiver, *args), named)
    if name == "decode":
        return _decoded(receiver, args, named)
    if name == "format" and isinstance(receiver, str):
        return ops.checked_format(receiver, args, named), ""
    if name == "format_map" and isinstance(receiver, str) and isinstance(args[0], dict):
        return ops.checked_format(receiver, (), args[0]), ""
    if name in {"read", "getvalue", "getbuffer"} and not args:
        return receiver, ""
    if name in _PADDED:
        return _padded(name, receiver, *args, **named), ""
    if name == "fromhex" and not isinstance(receiver, str):
        return bytes.fromhex(*args), "hex"
    raise Unfoldable
