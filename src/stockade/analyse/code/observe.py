"""How detectors word and place what they saw, and the questions that several of them ask of a call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stockade import limits
from stockade.analyse.code.facts import Call, Literal, Module, Value
from stockade.analyse.code.layout import DEVELOPERS
from stockade.analyse.code.marks import Mark, mark, marks
from stockade.analyse.code.vocabulary import (
    BY_NAME,
    CLIPBOARD,
    DECODE,
    DECRYPT,
    EXECUTE,
    HTTP,
    LOOKUP,
    NETWORK,
    PROCESS,
    SOCKET,
    UNPICKLE,
    WATCH,
    WRITE,
    touching,
    within,
)
from stockade.model.evidence import Evidence, Phase

#: Phases that come without anybody asking for them.
UNASKED = frozenset({Phase.INSTALL, Phase.STARTUP, Phase.IMPORT})
#: Unasked, or by a command of the package's own.
RUNS = UNASKED | {Phase.ENTRY}

_WHEN = {
    Phase.INSTALL: "while it is installed",
    Phase.STARTUP: "each time Python starts",
    Phase.IMPORT: "when it is imported",
    Phase.ENTRY: "when its command is run",
    Phase.CALL: "when its code is called",
}
_ASIDE = frozenset(
    {"test", "tests", "testing", "docs", "doc", "examples", "example", "samples", "bench", "benchmarks"}
)
#: What came over a connection, or in a request to a server of the package's own.
_RECEIVED = (
    "socket.socket.recv",
    "socket.socket.accept",
    "flask.request",
    "bottle.request",
    "web3.Web3",
    "websocket.create_connection.recv",
    "imaplib.IMAP4",
    "dns.resolver.resolve",
)
#: This machine by name or number, alone or in an address whose port is written out.
_HERE = re.compile(
    r"(?:(?:https?|wss?|tcp)://)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)(?::\d{1,5})?(?:[/?#]|$)",
    re.IGNORECASE,
)
#: A host's name and nothing else; RFC 1035 ends it at 255 octets.
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_LONGEST_HOST = 256
#: A file that names this many hosts is a list of them: of throw-away mailboxes, of advertisers.
_MANY_HOSTS = 200
#: Characters of code that a person takes in at a glance.
_LINE = 100
#: Calls that act, or that name what acts: very few of all.
_ACTING = NETWORK | LOOKUP | PROCESS | EXECUTE | UNPICKLE | BY_NAME | WATCH | CLIPBOARD | {"compile"}
_PARAMETER = "param:"
#: Steps that templates and argument lists take as well; alone they hide nothing.
_PLAIN = frozenset({"join", "slice", "format", "strip"})
_PLAIN_UNKNOWN = _PLAIN | {"replace"}
#: Steps that turn a scheme, a version or a placeholder of an address into another.
_REPLACED = _PLAIN_UNKNOWN
#: The beginning of an address up to the end of its host, in the open.
_OPEN_HOST = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?::\d+)?/")
_SECRET = re.compile(
    r"secret|passw(?:or)?d|passphrase|token|api_?key|access_?key|private_?key|mnemonic|seed_?phrase|credential|\bsk\b|\bak\b",
    re.IGNORECASE,
)


def seen(id: str, fact: Call | Literal, message: str, shown: str = "") -> Evidence:  # noqa: A002 - the field's word
    """Evidence of detector `id` at `fact`: `message` and when it would run; `shown` instead of the source line.

    Both are cut at limits.MAX_EXCERPT characters; a message can hold names that an attacker chose.
    """
    return Evidence(
        detector=id,
        message=f"{message[: limits.MAX_EXCERPT]} {_WHEN[fact.phase]}",
        where=fact.where,
        phase=fact.phase,
        excerpt=(shown or fact.excerpt)[: limits.MAX_EXCERPT],
    )


def when(phase: Phase | None) -> str:
    """The end of a sentence that says when something would run; "" where nothing does."""
    return f" {_WHEN[phase]}" if phase is not None else ""


#: How the one folder at the root of an sdist ends.
_BROUGHT = ("vendored", "third_party", "third-party", "thirdparty", "3rdparty")
_VERSIONED = re.compile(r"-v?\d[^/]*$")


def idle(fact: Call | Literal) -> bool:
    """Whether a fact only waits in a test, an example or a page of documentation, which nobody installs to run,
    in another project's tree that an sdist brings along beside its package, or in its developers' own tools.

    What setup.py or an import reaches in such a folder has an earlier phase, and is not idle; neither is what the
    package's own functions call there.
    """
    if fact.phase is not Phase.CALL or fact.borrowed:
        return False
    *above, name = fact.where.file.lower().split("/")
    root, folders = above[0] if above else "", above[1:]
    if not _ASIDE.isdisjoint(folders):
        return True
    if name in DEVELOPERS and not folders and _VERSIONED.search(root):
        return True
    return _VERSIONED.search(root) is not None and bool(folders) and folders[0].startswith(_BROUGHT)


def named(literal: Literal, *wanted: Mark) -> str:
    """The part of a literal that bears one of the `wanted` marks; "" if none does, or the literal is idle."""
    if not marks(literal.text) or idle(literal):
        return ""
    return mark(literal.text, *wanted)


def hosts(module: Module, *wanted: Mark) -> Iterator[tuple[Literal, str]]:
    """The literals that name a `wanted` host, and the part that does; not the bare names of a long list of hosts.

    A file that itself reaches the network has no list: nobody hides a host among many by padding.
    """
    found = [(one, part) for one in telling(module.literals) if (part := named(one, *wanted))]
    if not found:
        return
    listed = not any(_reaches(call) for call in module.calls) and (
        sum(1 for one in module.literals if _bare(one)) >= _MANY_HOSTS
    )
    for literal, part in found:
        if not (listed and _bare(literal)):
            yield literal, part


def _reaches(call: Call) -> bool:
    return networks(call) or (call.target in LOOKUP and not idle(call))


def _bare(literal: Literal) -> bool:
    return len(literal.text) < _LONGEST_HOST and _HOST.fullmatch(literal.text) is not None


def telling(literals: tuple[Literal, ...]) -> tuple[Literal, ...]:
    """The literals that bear any mark: all that detectors on Literal ask about, and very few of them.

    Of one module many detectors ask it, one after the other: the last answer is kept.
    """
    global _told
    last = _told
    if last[0] is not literals:
        last = _told = (literals, tuple(literal for literal in literals if marks(literal.text)))
    return last[1]


_told: tuple[tuple[Literal, ...], tuple[Literal, ...]] = ((), ())


def does(call: Call) -> bool:
    """Whether `call` acts, or names what acts: all that several detectors ask about."""
    return call.target in _ACTING


def layered(call: Call) -> bool:
    """Whether `call` stands in code that was kept in a text."""
    return call.where.layer > 0


def drops(call: Call) -> bool:
    """Whether nothing takes what `call` gives."""
    return call.dropped


def installs(call: Call) -> bool:
    """Whether `call` is made while the artifact is installed."""
    return call.phase is Phase.INSTALL


def unasked(call: Call) -> bool:
    """Whether `call` is made by an installation, a start of the interpreter or an import."""
    return call.phase in UNASKED


def runs(call: Call) -> bool:
    """Whether `call` is made without anybody calling a function of the artifact."""
    return call.phase in RUNS


def networks(call: Call) -> bool:
    """Whether `call` itself opens a connection or sends, not to this machine itself, and is not idle."""
    return call.target in NETWORK and not idle(call) and not _stays(call)


#: What takes an address first, and where a socket says that it listens.
_CONNECTS = frozenset({"socket.create_connection", "socket.socket.connect", "socket.socket.connect_ex"})
_OWN_SOCKET = "socket.socket.getsockname"


def _stays(call: Call) -> bool:
    """Whether all addresses that `call` is given are this machine's own.

    Honest programs ask a server beside them over HTTP; while something is installed there is none to ask. Who connects
    to the very socket that it listens on asks what the machine can do.
    """
    if call.target in _CONNECTS:
        where = call.arg(0, "address")
        own = where.const is None and _OWN_SOCKET in where.origins
        return own and all(one.startswith("socket.") for one in where.origins)
    if call.phase is Phase.INSTALL or call.target not in HTTP:
        return False
    texts = [value.text or first_text(value.const) for value in call.values[:2]]
    return any(map(_HERE.match, texts)) and not any("://" in text and not _HERE.match(text) for text in texts)


def first_text(const: object) -> str:
    """A text that a list begins with, "" if it begins with none."""
    return const[0] if isinstance(const, (tuple, list)) and const and isinstance(const[0], str) else ""


def starts(call: Call) -> bool:
    """Whether `call` starts another program, and is not idle."""
    return call.target in PROCESS and not idle(call)


def executes(call: Call) -> bool:
    """Whether `call` runs or compiles Python from a value, and is not idle."""
    return (call.target in EXECUTE or call.target == "compile") and not idle(call)


def from_network(origins: frozenset[str]) -> frozenset[str]:
    """The origins that came over a network."""
    return touching(origins, NETWORK) | frozenset(
        origin for origin in origins if within(origin, SOCKET) or origin.startswith(_RECEIVED)
    )


def flat(value: Value) -> Iterator[str]:
    """Every text in a known value, lists and dicts opened."""
    if value.known:
        yield from _texts(value.const)


def _texts(const: object) -> Iterator[str]:
    if isinstance(const, str):
        yield const
    elif isinstance(const, bytes):
        yield const.decode("latin-1")
    elif isinstance(const, dict):
        for pair in const.items():
            yield from _texts(pair)
    elif isinstance(const, (tuple, list)):
        for item in const:
            yield from _texts(item)


def hidden(values: Iterable[Value]) -> tuple[str, ...]:
    """The steps that were undone to read any of `values`, each once; () where honest code does the same.

    Characters that are replaced in what is not known (a project's name, say) hide nothing that stands here.
    """
    values = tuple(values)
    if all((_PLAIN if _stands(value) else _PLAIN_UNKNOWN).issuperset(value.steps) for value in values):
        return ()
    return tuple(dict.fromkeys(step for value in values for step in value.steps))


def addresses(call: Call) -> tuple[Value, ...]:
    """The arguments of a network call that may be its address."""
    value = call.arg(0, "url")
    return (value, call.arg(1)) if call.target.endswith((".request", ".stream")) else (value,)


def own_decoders(module: Module) -> frozenset[tuple[str, str]]:
    """The functions of a module that decode something which their callers did not hand in, each with its decoder."""
    return frozenset(
        (one.scope, one.target)
        for one in module.calls
        if (one.target in DECODE or one.target in DECRYPT) and not parameters(one.origins)
    )


def hidden_address(call: Call, own: frozenset[tuple[str, str]]) -> tuple[str, ...]:
    """What was undone, or which decoders were asked, to get the address of a network call; () if it stands there.

    A replaced scheme or version hides nothing, nor does a decoded path after a host in the open. What the caller of
    the function hands in may be encoded; then only decoders count that the same function asks without it
    (`own`: see own_decoders).
    """
    values = addresses(call)
    how = hidden(values)
    if not _REPLACED.issuperset(how):
        return how
    origins = frozenset().union(*(value.origins for value in values))
    if any(_OPEN_HOST.match(value.text) for value in values):
        return ()
    fetched = from_network(origins)
    asked = tuple(sorted(touching(origins, DECRYPT if fetched else DECODE | DECRYPT)))
    if not asked or fetched or not parameters(origins):
        return asked
    return tuple(name for name in asked if (call.scope, name) in own)


def _stands(value: Value) -> bool:
    return value.known or isinstance(value.const, (str, bytes))


def stands_there(call: Call) -> bool:
    """Whether `call` runs a line of code that anyone can read where it stands: it is looked at as a layer anyhow."""
    if call.target not in EXECUTE or not call.values:
        return False
    value = call.values[0]
    text = value.const if value.known and isinstance(value.const, str) else ""
    return 0 < len(text.strip()) <= _LINE and not value.origins and not value.steps


def decoded(values: Iterable[Value]) -> str:
    """The text of the first of `values` that hides something, "" if none does or it is not known."""
    return next((text for value in values if value.steps for text in flat(value)), "")


def parameters(origins: frozenset[str]) -> frozenset[str]:
    """The enclosing function's parameters among `origins`, but for self."""
    return frozenset(one for one in origins if one.startswith(_PARAMETER) and one != f"{_PARAMETER}self")


def secret_parameters(origins: frozenset[str]) -> tuple[str, ...]:
    """Names of the enclosing function's parameters among `origins` that sound like secrets, sorted."""
    names = (origin.removeprefix(_PARAMETER) for origin in origins if origin.startswith(_PARAMETER))
    return tuple(sorted(name for name in names if _SECRET.search(name)))


def writes_fetched(call: Call) -> bool:
    """Whether `call` writes to a file what came over a network."""
    return within(call.target, WRITE) and bool(from_network(call.origins))


def first(module: Module, wanted: Iterable[str], phases: frozenset[Phase] = frozenset(Phase)) -> Call | None:
    """The module's first call of one of `wanted` in one of `phases`."""
    names = frozenset(wanted)
    return next((call for call in module.calls if call.target in names and call.phase in phases), None)


def acts(module: Module) -> Iterator[Call | Literal]:
    """The module's calls, then its literals."""
    yield from module.calls
    yield from module.literals
