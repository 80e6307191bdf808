"""Names the files or browser extensions of coin wallets."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("wallet-files", on=Literal)
def wallet_files(literal: Literal) -> Iterator[Evidence]:
    """Names the files or browser extensions of coin wallets.

    What: a string with the path of a wallet application or the identifier of a wallet extension.
    Why: what lies there is money.
    Benign twins: wallet software itself.
    Blind spots: wallets that are not in the vocabulary.
    """
    if part := named(literal, Mark.WALLET):
        yield seen("wallet-files", literal, "names a wallet of coins", part)
