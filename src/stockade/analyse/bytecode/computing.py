"""The instructions that compute a value from others: operators, displays, slices, formats, unpacking."""

from __future__ import annotations

from stockade import limits
from stockade.analyse.bytecode.operations import Machine, inside, on
from stockade.analyse.bytecode.spelling import spelt
from stockade.analyse.bytecode.stack import MAX_UNPACKED, Item, constants, displayed

_UNARY = {"NEGATIVE": "-", "NOT": "not ", "INVERT": "~", "POSITIVE": "+"}
_BINARY = {
    "ADD": "+",
    "AND": "&",
    "FLOOR_DIVIDE": "//",
    "LSHIFT": "<<",
    "MATRIX_MULTIPLY": "@",
    "MULTIPLY": "*",
    "MODULO": "%",
    "OR": "|",
    "POWER": "**",
    "RSHIFT": ">>",
    "SUBTRACT": "-",
    "TRUE_DIVIDE": "/",
    "XOR": "^",
}
#: The arguments of BINARY_OP; those from 13 on are the same in place, 26 is a subscript.
_OPERATORS = ("+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^")
_SUBSCRIPT = 26
_COMPARED = ("<", "<=", "==", "!=", ">", ">=", "in", "not in", "is", "is not")


@on("BINARY_SLICE", "STORE_SLICE")
def _slice(m: Machine, name: str, arg: int, following: int) -> None:
    end, start, owner = m.pop(), m.pop(), m.pop()
    text = f"{m.read(owner)}[{_bound_of(m, start)}:{_bound_of(m, end)}]"
    if name == "STORE_SLICE":
        m.assign(text, m.pop())
    else:
        m.push(text, max(owner.depth, start.depth, end.depth) + 1)


def _bound_of(m: Machine, item: Item) -> str:
    return "" if item.kind == "const" and item.const is None else m.read(item)


@on("BUILD_SLICE")
def _build_slice(m: Machine, name: str, arg: int, following: int) -> None:
    items = m.take(3 if arg == 3 else 2)
    depth = max((item.depth for item in items), default=0) + 1
    colons = ":".join(_bound_of(m, item) for item in items) or ":"
    m.push(f"slice({', '.join(m.listed(items))})", depth, kind="slice", parts=[colons])


@on("BINARY_SUBSCR")
def _subscript(m: Machine, name: str, arg: int, following: int) -> None:
    key, owner = m.pop(), m.pop()
    m.push(f"{m.read(owner)}[{inside(m, key)}]", max(key.depth, owner.depth) + 1)


@on("BINARY_OP")
def _binary_op(m: Machine, name: str, arg: int, following: int) -> None:
    if arg == _SUBSCRIPT:
        _subscript(m, name, arg, following)
    else:
        _binary(m, _OPERATORS[arg % len(_OPERATORS)])


@on(*(f"{form}_{name}" for form in ("BINARY", "INPLACE") for name in _BINARY))
def _binary_old(m: Machine, name: str, arg: int, following: int) -> None:
    _binary(m, _BINARY[name.partition("_")[2]])


def _binary(m: Machine, sign: str) -> None:
    right, left = m.pop(), m.pop()
    m.push(f"({m.read(left)} {sign} {m.read(right)})", max(left.depth, right.depth) + 1)


@on(*(f"UNARY_{name}" for name in _UNARY))
def _unary(m: Machine, name: str, arg: int, following: int) -> None:
    item = m.pop()
    m.push(f"({_UNARY[name.partition('_')[2]]}{m.read(item)})", item.depth + 1)


@on("COMPARE_OP")
def _compare(m: Machine, name: str, arg: int, following: int) -> None:
    arg = arg >> 5 if m.version >= (3, 13) else arg >> 4 if m.version >= (3, 12) else arg
    _binary(m, _COMPARED[arg] if arg < len(_COMPARED) else "is")


@on("IS_OP", "CONTAINS_OP")
def _relation(m: Machine, name: str, arg: int, following: int) -> None:
    word = "is" if name == "IS_OP" else "in"
    _binary(m, word if not arg & 1 else "is not" if word == "is" else "not in")


@on("BUILD_TUPLE", "BUILD_LIST", "BUILD_SET")
def _build(m: Machine, name: str, arg: int, following: int) -> None:
    m.display(m.take(arg), {"BUILD_TUPLE": "(", "BUILD_LIST": "[", "BUILD_SET": "{"}[name])


@on("BUILD_TUPLE_UNPACK", "BUILD_TUPLE_UNPACK_WITH_CALL", "BUILD_LIST_UNPACK", "BUILD_SET_UNPACK")
def _build_unpacked(m: Machine, name: str, arg: int, following: int) -> None:
    items = m.take(arg)
    texts = [f"*{text}" for text in m.listed(items)]
    form = "(" if "TUPLE" in name else "[" if "LIST" in name else "{"
    m.push(displayed(texts, form), max((item.depth for item in items), default=0) + 1, parts=texts)


@on("BUILD_MAP", "BUILD_CONST_KEY_MAP")
def _build_map(m: Machine, name: str, arg: int, following: int) -> None:
    if name == "BUILD_MAP":
        items = m.take(2 * arg)
        texts = m.listed(items)
        keys, values = texts[::2], texts[1::2]
    else:
        keys = [spelt(key, limits.MAX_FOLDED) for key in constants(m.pop())]
        items = m.take(arg)
        values = m.listed(items)
    pairs = [f"{key}: {value}" for key, value in zip(keys, values, strict=False)]
    m.push(f"{{{', '.join(pairs)}}}", max((item.depth for item in items), default=0) + 1, parts=pairs)


@on("BUILD_MAP_UNPACK", "BUILD_MAP_UNPACK_WITH_CALL")
def _build_merged(m: Machine, name: str, arg: int, following: int) -> None:
    items = m.take(arg)
    m.push(f"{{{', '.join(f'**{text}' for text in m.listed(items))}}}", parts=[])


@on("BUILD_STRING")
def _build_string(m: Machine, name: str, arg: int, following: int) -> None:
    items = m.take(arg)
    m.push(
        f"({' + '.join(m.listed(items))})" if items else "''", max((i.depth for i in items), default=0) + 1
    )


@on("FORMAT_VALUE", "FORMAT_SIMPLE", "FORMAT_WITH_SPEC", "CONVERT_VALUE", "BUILD_INTERPOLATION")
def _format(m: Machine, name: str, arg: int, following: int) -> None:
    if name == "FORMAT_WITH_SPEC" or (name in {"FORMAT_VALUE", "BUILD_INTERPOLATION"} and arg & 4):
        m.pop()
    if name == "BUILD_INTERPOLATION":
        m.pop()
    item = m.pop()
    m.push(f"str({m.read(item)})", item.depth + 1)


@on("LIST_EXTEND", "SET_UPDATE", "DICT_UPDATE", "DICT_MERGE")
def _extend(m: Machine, name: str, arg: int, following: int) -> None:
    item, base = m.pop(), m.peek(arg)
    if base is None:
        return
    stars = "**" if name.startswith("DICT") else "*"
    more = [f"{stars}{m.read(item)}"]
    if item.parts is not None and stars == "*":
        more = item.parts
    elif isinstance(item.const, tuple):
        more = [spelt(one, limits.MAX_FOLDED) for one in item.const]
    m.pay(len(more))
    if base.parts is not None and len(base.parts) + len(more) <= limits.MAX_FACTS:
        base.parts = [*base.parts, *more] if len(base.parts) < MAX_UNPACKED else [f"*{base.text}", *more]
        base.text = f"[{', '.join(base.parts)}]" if name == "LIST_EXTEND" else f"{{{', '.join(base.parts)}}}"
        base.depth = max(base.depth, item.depth + 1)
    m.pay(len(base.text) // 8)


@on("LIST_APPEND", "SET_ADD", "MAP_ADD")
def _append(m: Machine, name: str, arg: int, following: int) -> None:
    item = m.pop()
    if name == "MAP_ADD":
        other = m.pop()
        key, value = (other, item) if m.version >= (3, 8) else (item, other)
        base = m.peek(arg)
        if base is not None:
            m.out.emit(f"{base.text}[{m.read(key)}] = {m.read(value)}")
        return
    base = m.peek(arg)
    if base is not None:
        m.out.emit(f"{base.text}.{'append' if name == 'LIST_APPEND' else 'add'}({m.read(item)})")


@on("LIST_TO_TUPLE")
def _to_tuple(m: Machine, name: str, arg: int, following: int) -> None:
    item = m.pop()
    if item.parts is not None:
        m.push(displayed(item.parts, "("), item.depth, parts=item.parts)
    else:
        m.push(f"tuple({m.read(item)})", item.depth + 1)


@on("UNPACK_SEQUENCE", "UNPACK_EX")
def _unpack(m: Machine, name: str, arg: int, following: int) -> None:
    item = m.pop()
    if name == "UNPACK_EX":
        before, after = arg & 0xFF, arg >> 8
        text = m.named(item)
        kept = [f"{text}[{place}]" for place in range(before)]
        kept.append(f"{text}[{before}:{-after if after else ''}]")
        kept += [f"{text}[{place}]" for place in range(-min(after, MAX_UNPACKED), 0)]
    else:
        count = min(arg, MAX_UNPACKED)
        if item.parts is not None and len(item.parts) == count:
            kept = item.parts
        elif isinstance(item.const, tuple) and len(item.const) == count:
            kept = [spelt(one, limits.MAX_FOLDED) for one in item.const]
        else:
            text = m.named(item)
            kept = [f"{text}[{place}]" for place in range(count)]
    for one in reversed(kept):
        m.push(one, 1)
