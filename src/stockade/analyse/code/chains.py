"""Questions to a whole module: what it names, what it does, and whether two steps concern one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stockade.analyse.code.facts import Call, Literal, Module
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import RUNS, named, networks, telling
from stockade.analyse.code.vocabulary import WRITE, within

#: Places of other programs in which secrets lie, which no client of a service has a reason to name.
STORES = (Mark.BROWSER, Mark.WALLET, Mark.DISCORD, Mark.SESSION, Mark.ACCOUNTS_FILE)
#: Where stolen things go: chat channels, recorders, tunnels, drops, pastes, bare addresses.
OUTLETS = (
    Mark.WEBHOOK,
    Mark.BOT,
    Mark.TUNNEL,
    Mark.CALLBACK,
    Mark.DROP,
    Mark.PASTE,
    Mark.ADDRESS,
)
#: An argument that is a plain name: the handle by which two calls can be joined.
_NAME = re.compile(r"(?<![\w.'\"])[A-Za-z_]\w{1,60}(?![\w(=.'\"])")
_FIRST_NAME = re.compile(r"\bopen\(\s*(?:r|f|rf|fr)?['\"]?([^,)]{2,160})")
#: Words that stand in many calls and name nothing in particular.
_COMMON_WORDS = (
    "args args cmd command shell True False None self cls check env cwd stdout stderr stdin open with as in "
    "for if not and or is sys os f exec python python3 start the wb ab"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_OPENERS = frozenset({"open", "io.open", "codecs.open"})
_WRITING = re.compile(r"""['"][waxb+t]{1,3}['"]""")


def marked(module: Module, *wanted: Mark) -> Literal | None:
    """The module's first literal that bears one of the `wanted` marks and is not idle."""
    return next((one for one in telling(module.literals) if named(one, *wanted)), None)


def earliest(calls: Iterable[Call]) -> Call | None:
    """The first of `calls` that comes unasked or by a command, else the first."""
    found = list(calls)
    return next((call for call in found if call.phase in RUNS), found[0] if found else None)


def sender(module: Module) -> Call | None:
    """The module's call that opens a connection or sends; one that comes unasked before others."""
    return earliest(call for call in module.calls if networks(call))


def handles(call: Call) -> frozenset[str]:
    """Names of variables and constant paths among a call's arguments, to join it with another call."""
    inside = call.excerpt.partition("(")[2] if "(" in call.excerpt else call.excerpt
    names = {name for name in _NAME.findall(inside) if name not in _COMMON}
    return frozenset(names | set(_paths(call)))


def opened_for_writing(call: Call) -> frozenset[str]:
    """The handles of the path that ``open`` gets when it opens for writing; none for another call."""
    if call.target not in _OPENERS or not _WRITING.search(call.excerpt):
        return frozenset()
    hit = _FIRST_NAME.search(call.excerpt)
    names = {name for name in _NAME.findall(hit.group(1)) if name not in _COMMON} if hit else set()
    return frozenset(names | set(_paths(call)))


def writes_to(call: Call) -> Iterator[str]:
    """The path that a call opens for writing or writes to, as far as it is known; also the part after a hole."""
    if call.target in _OPENERS:
        mode = call.arg(1, "mode").text
        if mode and set(mode) & set("wax+"):
            yield call.arg(0, "file").text
    elif call.target in {
        "shutil.copy",
        "shutil.copyfile",
        "shutil.copy2",
        "shutil.move",
        "os.rename",
        "os.replace",
    }:
        yield call.arg(1, "dst").text


def stored(call: Call) -> bool:
    """Whether a call writes to an open file."""
    return within(call.target, WRITE)


def _paths(call: Call) -> Iterator[str]:
    """Constant arguments that look like the name of a file, without their folders."""
    for value in call.values:
        consts = value.const if isinstance(value.const, (list, tuple)) else (value.const,)
        for const in consts:
            if isinstance(const, str) and 4 <= len(const) <= 260 and "." in const:
                for word in const.split():
                    yield word.replace("\\", "/").rpartition("/")[2]
