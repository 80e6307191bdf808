"""Small questions about functions and their arguments that several stretches of the search ask."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stockade.analyse.flows.raw import Atoms, RawCall, RawFunction


def given(function: RawFunction, call: RawCall, name: str) -> Iterator[Atoms]:
    """What a call hands to the parameter `name` of the function that it runs."""
    if name in call.keywords:
        yield call.keywords[name]
    at = position(function, name)
    if name == function.star:
        yield from call.args[len(function.params) :]
    elif name == function.stars:
        known = {*function.params, *function.keyword_only}
        yield from (value for key, value in call.keywords.items() if key not in known)
    elif 0 <= at < len(call.args):
        yield call.args[at]
    for spread in ("*", "**"):
        if spread in call.keywords and name not in call.keywords:
            yield call.keywords[spread]


def position(function: RawFunction, name: str) -> int:
    """Where a parameter stands, ``self`` not counted; -1 if it goes by keyword alone."""
    return function.params.index(name) if name in function.params else -1


@lru_cache(maxsize=1 << 12)
def short(name: str) -> str:
    """The last two parts of a dotted name."""
    return ".".join(name.replace("<", "").replace(">", "").split(".")[-2:])


def first_text(call: RawCall) -> object:
    """The first argument of a call, where it is a constant; else None."""
    return call.record.args[0].const if call.record is not None and call.record.args else None
