"""Hands a secret to another package's conversion and throws the answer away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import drops, idle, parameters, secret_parameters, seen
from stockade.analyse.detector import detector
from stockade.analyse.flows.vocabulary import STDLIB
from stockade.model.evidence import Evidence

#: What a function is named that answers and does nothing else.
_ANSWERS = re.compile(
    r"(?:^|_)(?:decrypt|decode|derive|convert|encode|encrypt|format|hash|calculate|compute|transform|to|2)(?:_|$|[A-Z])"
)
#: A wallet's words by another name, where the function's own name says that they are such.
_WORDS = frozenset({"param:seed", "param:words", "param:phrase", "param:key"})
_WALLET = re.compile(r"mnemonic|bip_?39|wallet|seed_?phrase|keypair", re.IGNORECASE)


@detector("secret-answer-dropped", on=Call, when=drops)
def secret_answer_dropped(call: Call) -> Iterator[Evidence]:
    """Hands a secret to another package's conversion and throws the answer away.

    What: a secret that the caller passed in goes to a function of another distribution which by its name answers
    (decrypts, derives, converts, hashes), as a statement of its own.
    Why: who does not want the answer wants the call: the thief is in the other package, and this one shows nothing.
    Benign twins: set, login, configure, check and verify act or raise; they do not count.
    Blind spots: a function with another name; an answer that is kept and not used.
    """
    module, _, name = call.target.rpartition(".")
    top = module.partition(".")[0]
    if top in STDLIB or not top.isidentifier() or not _ANSWERS.search(name) or idle(call):
        return
    if top in call.where.file.split("/")[:-1] or len(call.values) != 1:
        return
    given = secret_parameters(call.origins)
    if not given and _WALLET.search(call.target):
        given = tuple(sorted(one.removeprefix("param:") for one in parameters(call.origins) & _WORDS))
    if given:
        yield seen(
            "secret-answer-dropped", call, f"hands {given[0]} to {call.target} and does not want its answer"
        )
