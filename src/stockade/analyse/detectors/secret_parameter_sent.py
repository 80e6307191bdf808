"""Sends a secret that its caller passed in to an address that it hides or swallows all errors of."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.handing import handed_over
from stockade.analyse.code.observe import (
    flat,
    hidden_address,
    networks,
    own_decoders,
    secret_parameters,
    seen,
)
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("secret-parameter-sent", on=Module)
def secret_parameter_sent(module: Module) -> Iterator[Evidence]:
    """Sends a secret that its caller passed in to an address that it hides or swallows all errors of.

    What: a network call that depends on a parameter named like a secret, where the address had to be
    decoded, or is a constant and every failure is silently dropped.
    Why: a helper takes the keys that its caller trusts it with; nothing shows at install or import.
    Benign twins: API clients send keys to a constant address, in the open, and report failures; a key that only
    stands in an `Authorization` header is shown to the service that gave it out.
    Blind spots: parameters with innocent names; keys kept on an object between two calls.
    """
    own = own_decoders(module)
    for call in module.calls:
        names = secret_parameters(handed_over(call)) if networks(call) else ()
        if not names:
            continue
        hides = bool(hidden_address(call, own))
        constant = any(
            text.startswith(("http://", "https://")) for value in call.values for text in flat(value)
        )
        if hides or (constant and call.swallowed):
            how = "an address that it decodes" if hides else "a fixed address, whatever happens,"
            yield seen("secret-parameter-sent", call, f"sends its caller's {', '.join(names[:3])} to {how}")
