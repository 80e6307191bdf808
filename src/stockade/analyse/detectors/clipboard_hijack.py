"""Reads or writes the clipboard and knows what a coin address looks like."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import first, seen, telling
from stockade.analyse.code.vocabulary import CLIPBOARD
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("clipboard-hijack", on=Module)
def clipboard_hijack(module: Module) -> Iterator[Evidence]:
    """Reads or writes the clipboard and knows what a coin address looks like.

    What: a clipboard call and a pattern for coin addresses in one module.
    Why: the address that somebody pastes is exchanged for the thief's.
    Benign twins: wallets that check what was pasted.
    Blind spots: addresses told by their length alone.
    """
    call = first(module, CLIPBOARD)
    if call is None:
        return
    for literal in telling(module.literals):
        if part := mark(literal.text, Mark.COIN_ADDRESS):
            yield seen("clipboard-hijack", call, "watches the clipboard for coin addresses", part)
            return
