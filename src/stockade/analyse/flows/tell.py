"""How detectors word a secret's way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stockade import limits
from stockade.analyse.flows.link import Link, Oddity
from stockade.model.evidence import Evidence, Phase, Step
from stockade.model.flow import Sink, Source

_LISTED = 4


def listed(words: Iterable[str]) -> str:
    """``a, b and c``, each once, four of them at most."""
    each = list(dict.fromkeys(words))
    if len(each) > _LISTED:
        each = [*each[: _LISTED - 1], f"{len(each) - _LISTED + 1} more"]
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} and {each[-1]}"


def owned(sources: Iterable[Source]) -> str:
    """Whose secrets they are: the caller's, where they come in as parameters; else what is stored."""
    sources = tuple(sources)
    stored = (
        listed(one.name for one in sources if one.kind == "store")
        if any(one.kind == "store" for one in sources)
        else ""
    )
    named = [one.name for one in sources if one.kind != "store"]
    given = f"its caller's {listed(named)}" if named else ""
    return " and ".join(one for one in (given, stored) if one)


def destination(sink: Sink) -> str:
    """Where a sink sends, and how that had to be read."""
    if sink.kind == "lookup":
        return f"a name server, as a part of {sink.address or 'a host name'}"
    where = sink.address or "an address"
    return f"{where} (decoded first)" if sink.hidden else where


def how(links: Sequence[Link]) -> str:
    """What is odd about ways, in words that end a sentence."""
    odd = {one for each in links for one in each.oddities} - {Oddity.HIDDEN, Oddity.LOOKUP}
    words = [str(one) for one in Oddity if one in odd]
    return f", {listed(words)}" if words else ""


def told(id: str, message: str, at: Step, phase: Phase, path: tuple[Step, ...], shown: str = "") -> Evidence:  # noqa: A002 - the field's word
    """Evidence with its path, placed at one step of it."""
    return Evidence(
        detector=id,
        message=message[: 2 * limits.MAX_EXCERPT],
        where=at.where,
        phase=phase,
        excerpt=shown[: limits.MAX_EXCERPT],
        path=path,
    )
