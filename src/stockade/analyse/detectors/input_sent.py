"""Watches keys, screen or clipboard and sends, in one module."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import sender
from stockade.analyse.code.facts import Module
from stockade.analyse.code.observe import idle, seen
from stockade.analyse.code.vocabulary import WATCH, within
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("input-sent", on=Module)
def input_sent(module: Module) -> Iterator[Evidence]:
    """Watches keys, screen or clipboard and sends, in one module.

    What: a call that records keys, pointer, screen or sound, and a network call.
    Why: what is recorded does not stay.
    Benign twins: tools for automation act on what they see; remote desktops say what they are.
    Blind spots: a recorder and a sender in different modules.
    """
    watch = next((call for call in module.calls if within(call.target, WATCH) and not idle(call)), None)
    call = sender(module) if watch is not None else None
    if watch is not None and call is not None:
        yield seen("input-sent", call, f"sends beside {watch.target}")
