"""Names several unrelated kinds of places where secrets lie, in one file."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.marks import Mark, marks
from stockade.analyse.code.observe import seen, telling
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Different kinds of store in one file, below which a client may merely know its own.
_ENOUGH = 2
_STORES = frozenset(
    {Mark.CREDENTIAL_FILE, Mark.BROWSER, Mark.WALLET, Mark.DISCORD, Mark.SESSION, Mark.ACCOUNTS_FILE}
)


@detector("credential-sweep", on=Module)
def credential_sweep(module: Module) -> Iterator[Evidence]:
    """Names several unrelated kinds of places where secrets lie, in one file.

    What: two or more of: credential files, browser stores, wallets, chat tokens, sessions, accounts.
    Why: a client knows its own place; only a thief knows all of them.
    Benign twins: secret scanners and forensic tools.
    Blind spots: a thief split over many files; directories that are walked without naming files.
    """
    found: dict[Mark, str] = {}
    for literal in telling(module.literals):
        for kind, part in marks(literal.text):
            if kind in _STORES:
                found.setdefault(kind, part)
        if len(found) >= _ENOUGH:
            yield seen(
                "credential-sweep",
                literal,
                f"looks in {' and '.join(sorted(found))}",
                ", ".join(found.values()),
            )
            return
