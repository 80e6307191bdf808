"""The instructions that call, import, define and jump; the others are in operations.py and computing.py."""

from __future__ import annotations

from stockade import limits
from stockade.analyse.bytecode import computing
from stockade.analyse.bytecode.operations import Machine, attribute, on
from stockade.analyse.bytecode.spelling import dotted, identifier, spelt
from stockade.analyse.bytecode.stack import MAX_UNPACKED, UNKNOWN_NAME, Item, constants

#: Flags of code objects: a body of a function, not of a class; a coroutine.
_OPTIMIZED, _COROUTINE = 0x1, 0x80
#: What MAKE_FUNCTION and SET_FUNCTION_ATTRIBUTE bring along.
_DEFAULTS, _KEYWORD_DEFAULTS, _ANNOTATIONS, _CLOSURE = 1, 2, 4, 8


_COMMON = ("AssertionError", "NotImplementedError", "tuple", "all", "any")
#: CALL_INTRINSIC_1's argument for a star import.
_STAR_IMPORT = 2

__all__ = ["Machine", "computing"]


def _called(m: Machine, callee: Item, items: list[Item], keywords: tuple[str, ...]) -> None:
    if callee.kind == "enter":
        m.push(callee.text, callee.depth)
        return
    if callee.kind == "build" and items and items[0].code is not None:
        bases = m.listed(items[2:])
        plain = bases[: len(bases) - len(keywords)] if keywords else bases
        m.push(UNKNOWN_NAME, kind="class", code=items[0].code, parts=plain)
        return
    if callee.kind == "exit":
        m.push(UNKNOWN_NAME, kind="unknown")
        return
    if callee.kind == "from":
        callee = Item(callee.text.rpartition(" ")[2])
    texts = m.listed(items)
    first = len(texts) - len(keywords)
    texts[first:] = [f"{identifier(key)}={text}" for key, text in zip(keywords, texts[first:], strict=False)]
    depth = max((item.depth for item in (callee, *items)), default=0) + 1
    m.push(f"{m.read(callee)}({', '.join(texts)})", depth)


@on("CALL_FUNCTION", "CALL_METHOD", "CALL_FUNCTION_KW", "CALL", "CALL_KW")
def _call(m: Machine, name: str, arg: int, following: int) -> None:
    keywords = m.keywords
    m.keywords = ()
    if name in {"CALL_FUNCTION_KW", "CALL_KW"}:
        keywords = tuple(str(key) for key in constants(m.pop()))
    items = m.take(arg)
    if name in {"CALL_FUNCTION", "CALL_FUNCTION_KW"}:
        _called(m, m.pop(), items, keywords)
        return
    upper, lower = m.pop(), m.pop()
    if lower.kind == "null":
        callee = upper
    else:
        callee = lower
        items = items if upper.kind == "null" else [upper, *items]
    _called(m, callee, items, keywords[: len(items)])


@on("CALL_FUNCTION_EX")
def _call_spread(m: Machine, name: str, arg: int, following: int) -> None:
    more = m.pop() if arg & 1 or m.version >= (3, 14) else None
    items = m.pop()
    callee = m.pop()
    if m.version >= (3, 11):
        other = m.pop()
        callee = other if callee.kind == "null" else callee
    texts = items.parts
    if texts is None:
        texts = _elements(m, items) if isinstance(items.const, tuple) else [f"*{m.read(items)}"]
    if more is not None and more.kind != "null":
        texts = [*texts, f"**{m.read(more)}"]
    m.push(f"{m.read(callee)}({', '.join(texts)})", max(items.depth, callee.depth) + 1)


@on("KW_NAMES")
def _keyword_names(m: Machine, name: str, arg: int, following: int) -> None:
    const = m.const(arg)
    m.keywords = tuple(str(key) for key in const) if isinstance(const, tuple) else ()


@on("PUSH_NULL")
def _push_null(m: Machine, name: str, arg: int, following: int) -> None:
    m.push("", kind="null")


@on("LOAD_BUILD_CLASS")
def _build_class(m: Machine, name: str, arg: int, following: int) -> None:
    m.push("__build_class__", kind="build")


@on("MAKE_FUNCTION")
def _make_function(m: Machine, name: str, arg: int, following: int) -> None:
    if m.version < (3, 11):
        m.pop()
    item = m.pop()
    code = item.const
    defaults: list[str] = []
    if m.version < (3, 13):
        m.take(sum(1 for flag in (_CLOSURE, _ANNOTATIONS, _KEYWORD_DEFAULTS) if arg & flag))
        if arg & _DEFAULTS:
            defaults = _elements(m, m.pop())
    m.push(UNKNOWN_NAME, kind="function", code=code, parts=defaults)


@on("SET_FUNCTION_ATTRIBUTE")
def _function_attribute(m: Machine, name: str, arg: int, following: int) -> None:
    function, value = m.pop(), m.pop()
    if arg == _DEFAULTS and function.kind == "function":
        function.parts = _elements(m, value)
    m.stack.append(function)


def _elements(m: Machine, item: Item) -> list[str]:
    if item.parts is not None:
        return item.parts
    m.pay(len(constants(item)))
    return [spelt(one, limits.MAX_FOLDED) for one in constants(item)[:MAX_UNPACKED]]


@on("IMPORT_NAME")
def _import_name(m: Machine, name: str, arg: int, following: int) -> None:
    names, level = m.pop(), m.pop()
    dots = "." * (level.const if isinstance(level.const, int) and 0 <= level.const < 20 else 0)
    module = dots + dotted(m.raw(arg))
    m.push(module, kind="import", const=names.const)


@on("IMPORT_FROM")
def _import_from(m: Machine, name: str, arg: int, following: int) -> None:
    module = m.peek(1)
    wanted = identifier(m.raw(arg))
    if module is not None and module.kind == "import":
        module.parts = []
        if module.const is None or module.const == "as":
            # ``import a.b as c`` asks for b and keeps that.
            m.push(module.text, kind="import", const="as", parts=[])
        else:
            m.push(f"from {module.text} import {wanted}", kind="from")
    else:
        m.push(attribute(m, module or Item(UNKNOWN_NAME), wanted))


@on("IMPORT_STAR", "CALL_INTRINSIC_1")
def _intrinsic(m: Machine, name: str, arg: int, following: int) -> None:
    item = m.pop()
    if item.kind == "import":
        m.out.emit(f"from {item.text} import *")
    elif name == "CALL_INTRINSIC_1":
        if item.parts is not None and not item.text.startswith("{"):
            item.text = f"({', '.join(item.parts)},)" if item.parts else "()"
        m.stack.append(item)
        return
    if name == "CALL_INTRINSIC_1" and arg == _STAR_IMPORT:
        m.push("None", kind="const")


@on("POP_TOP", "PRINT_EXPR")
def _pop_top(m: Machine, name: str, arg: int, following: int) -> None:
    if not m.stack:
        return
    item = m.stack.pop()
    if item.kind == "import":
        if item.parts is None and item.text:
            plain = item.text.lstrip(".") == item.text
            m.out.emit(f"import {item.text}" if plain else f"from {item.text} import _")
    else:
        m.drop(item)


@on("RETURN_VALUE", "RETURN_CONST")
def _return(m: Machine, name: str, arg: int, following: int) -> None:
    item = Item(m.spell(arg), kind="const", const=m.const(arg)) if name == "RETURN_CONST" else m.pop()
    if (
        m.level
        or not m.source.flags & _OPTIMIZED
        or item.kind == "unknown"
        or (item.kind == "const" and item.const is None)
    ):
        m.drop(item)
    elif item.text != UNKNOWN_NAME or item.kind in {"function", "class"}:
        m.out.emit(f"return {m.read(item)}")


@on("YIELD_VALUE")
def _yield(m: Machine, name: str, arg: int, following: int) -> None:
    if m.source.flags & _COROUTINE:
        return
    item = m.pop()
    m.push(f"(yield {m.read(item)})" if item.kind != "unknown" else UNKNOWN_NAME, item.depth + 1)


@on("RAISE_VARARGS")
def _raise(m: Machine, name: str, arg: int, following: int) -> None:
    items = m.listed(m.take(min(arg, 2)))
    m.out.emit(f"raise {' from '.join(items)}" if items else "raise")


# The stack.


@on("DUP_TOP", "COPY", "DUP_TOP_TWO")
def _copy(m: Machine, name: str, arg: int, following: int) -> None:
    places = (2, 2) if name == "DUP_TOP_TWO" else (1 if name == "DUP_TOP" else arg,)
    for place in places:
        item = m.peek(place)
        if item is None:
            m.push(UNKNOWN_NAME, kind="unknown")
            continue
        if (
            item.kind == ""
            and not item.text.isidentifier()
            and not m.upcoming.startswith(("POP_JUMP", "TO_BOOL"))
        ):
            item.text, item.depth, item.parts = m.named(item), 0, None
        m.stack.append(
            Item(item.text, item.depth, item.kind, item.const, item.code, item.parts, item.version)
        )


@on("SWAP", "ROT_TWO")
def _swap(m: Machine, name: str, arg: int, following: int) -> None:
    place = 2 if name == "ROT_TWO" else arg
    if 0 < place <= len(m.stack):
        m.stack[-1], m.stack[-place] = m.stack[-place], m.stack[-1]


@on("ROT_THREE", "ROT_FOUR", "ROT_N")
def _rotate(m: Machine, name: str, arg: int, following: int) -> None:
    place = {"ROT_THREE": 3, "ROT_FOUR": 4}.get(name, arg)
    if 1 < place <= min(len(m.stack), 64):
        m.stack.insert(len(m.stack) - place, m.stack.pop())


# Blocks and jumps.


@on("POP_JUMP_IF_FALSE", "POP_JUMP_FORWARD_IF_FALSE", "POP_JUMP_BACKWARD_IF_FALSE")
@on("POP_JUMP_IF_TRUE", "POP_JUMP_FORWARD_IF_TRUE", "POP_JUMP_BACKWARD_IF_TRUE")
@on("POP_JUMP_IF_NONE", "POP_JUMP_FORWARD_IF_NONE", "POP_JUMP_BACKWARD_IF_NONE")
@on("POP_JUMP_IF_NOT_NONE", "POP_JUMP_FORWARD_IF_NOT_NONE", "POP_JUMP_BACKWARD_IF_NOT_NONE")
def _branch(m: Machine, name: str, arg: int, following: int) -> None:
    item, target = m.pop(), m.target(name, arg, following)
    below = m.peek(1)
    copied = below is not None and below.text == item.text and m.upcoming == "POP_TOP"
    if copied and item.kind in {"", "const"}:
        m.meet(target, "and" if name.endswith("FALSE") else "or")
        m.push(UNKNOWN_NAME, kind="unknown")
        return
    text = m.read(item)
    if name.endswith("NONE"):
        text = f"{text} is {'None' if name.endswith('NOT_NONE') else 'not None'}"
    elif name.endswith("TRUE"):
        text = f"not {text}"
    m.branch(text, target)


@on("JUMP_IF_FALSE_OR_POP", "JUMP_IF_TRUE_OR_POP")
def _keep_or_pop(m: Machine, name: str, arg: int, following: int) -> None:
    m.meet(m.target(name, arg, following), "and" if "FALSE" in name else "or")


@on("JUMP_FORWARD")
def _jump(m: Machine, name: str, arg: int, following: int) -> None:
    target = m.target(name, arg, following)
    if m.blocks and m.blocks[-1].kind == "if" and m.blocks[-1].end == following:
        m.blocks[-1].jump = target


@on("FOR_ITER")
def _for(m: Machine, name: str, arg: int, following: int) -> None:
    items, below = m.pop(), m.peek(1)
    if below is not None and below.text in {"[]", "{}", "set()"}:
        below.text, below.parts = m.named(below), None
    variable = m.out.fresh()
    m.open("for", f"for {variable} in {m.read(items)}:", m.target(name, arg, following), len(m.stack))
    m.push(UNKNOWN_NAME, kind="unknown")
    m.push(variable)


@on("SETUP_FINALLY", "SETUP_EXCEPT")
def _setup_finally(m: Machine, name: str, arg: int, following: int) -> None:
    m.handlers[m.target(name, arg, following)] = (len(m.stack), 6)


@on("SETUP_WITH", "SETUP_ASYNC_WITH", "BEFORE_WITH", "BEFORE_ASYNC_WITH")
def _with(m: Machine, name: str, arg: int, following: int) -> None:
    manager = m.pop()
    m.push(UNKNOWN_NAME, kind="exit")
    if name.startswith("SETUP"):
        m.handlers[m.target(name, arg, following)] = (len(m.stack), 6)
    m.push(m.read(manager), manager.depth)


@on("LOAD_SPECIAL")
def _special(m: Machine, name: str, arg: int, following: int) -> None:
    owner = m.pop()
    if arg & 1:
        m.push(UNKNOWN_NAME, kind="exit")
    else:
        m.push(m.read(owner), owner.depth, kind="enter")
    m.push("", kind="null")


@on("POP_EXCEPT", "RERAISE", "END_FINALLY", "END_ASYNC_FOR", "WITH_CLEANUP_START", "WITH_CLEANUP_FINISH")
def _leave_handler(m: Machine, name: str, arg: int, following: int) -> None:
    new = {"POP_EXCEPT": 1, "RERAISE": 1, "END_ASYNC_FOR": 2}.get(name, 0)
    old = {"POP_EXCEPT": 3, "RERAISE": 3, "END_FINALLY": 6, "END_ASYNC_FOR": 7, "WITH_CLEANUP_FINISH": 0}.get(
        name, 0
    )
    m.take(min(new if m.version >= (3, 11) else old, len(m.stack)))


@on("LOAD_ASSERTION_ERROR", "LOAD_COMMON_CONSTANT")
def _common(m: Machine, name: str, arg: int, following: int) -> None:
    m.push(_COMMON[arg] if name == "LOAD_COMMON_CONSTANT" and arg < len(_COMMON) else "AssertionError")


@on("LOAD_LOCALS")
def _locals(m: Machine, name: str, arg: int, following: int) -> None:
    m.push("locals()", 1)
