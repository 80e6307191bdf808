"""How names and constants of a code object are spelt in Python text."""

from __future__ import annotations

import keyword
import math
from collections.abc import Sequence

from stockade import limits
from stockade.analyse.bytecode.marshalled import Bag, Code

#: Nesting of a constant that is written out.
_MAX_CONST_DEPTH = 20


def identifier(name: str) -> str:
    """`name` if Python text can hold it, else one made of its letters."""
    if name.isidentifier() and not keyword.iskeyword(name):
        return name
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name[:60])
    return f"_{kept}"


def dotted(name: str) -> str:
    """The same for a module's name."""
    return ".".join(identifier(part) for part in name.split(".")) if name else ""


def parameters(code: Code, defaults: Sequence[str]) -> str:
    """The parameters of a function, the last ones with `defaults`."""
    names = [identifier(name) for name in code.variables]
    count, only = code.arguments, code.keyword_only
    listed = names[:count]
    for place, text in enumerate(reversed(defaults[-count:] if count else ())):
        listed[count - 1 - place] += f"={text}"
    rest = count + only
    if code.flags & 4 and rest < len(names):
        listed.append(f"*{names[rest]}")
        rest += 1
    elif only:
        listed.append("*")
    listed += names[count : count + only]
    if code.flags & 8 and rest < len(names):
        listed.append(f"**{names[rest]}")
    return ", ".join(listed)


def spelt(const: object, room: int = limits.MAX_FOLDED, depth: int = 0) -> str:
    """A constant as Python text; ``...`` for what is no constant, or longer than `room`."""
    if isinstance(const, (str, bytes)):
        return repr(const) if len(const) <= room else "..."
    if const is None or isinstance(const, (bool, complex)):
        return repr(const)
    if isinstance(const, int):
        return hex(const) if abs(const) >> 64 else repr(const)
    if isinstance(const, float):
        return repr(const) if math.isfinite(const) else f"float({str(const)!r})"
    if isinstance(const, (tuple, list, Bag)) and depth < _MAX_CONST_DEPTH:
        return _spelt_items(const, room, depth)
    return "..."


def _spelt_items(const: tuple[object, ...] | list[object] | Bag, room: int, depth: int) -> str:
    items = const.items if isinstance(const, Bag) else const
    texts: list[str] = []
    for item in items:
        text = spelt(item, room, depth + 1)
        room -= len(text) + 2
        if room < 0:
            texts.append("...")
            break
        texts.append(text)
    if isinstance(const, tuple):
        return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
    if isinstance(const, list):
        return f"[{', '.join(texts)}]"
    if const.kind == "slice":
        return f"slice({', '.join(texts)})"
    if const.kind == "set":
        return f"{{{', '.join(texts)}}}" if texts else "set()"
    pairs = [f"{key}: {value}" for key, value in zip(texts[::2], texts[1::2], strict=False)]
    return f"{{{', '.join(pairs)}}}"
