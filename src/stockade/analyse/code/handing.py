"""What a network call sends, as against what it shows to the service that it asks."""

from __future__ import annotations

import re

from stockade.analyse.code.facts import Call, Value
from stockade.analyse.code.observe import addresses, flat

_NAMED_HOST = re.compile(r"https://([\w.-]+)")
_KEY_HEADER = re.compile(r"key|token|secret")
#: Letters of a name that a service has to itself.
_OWN_NAME = 5
#: How a key is shown to the service that gave it out (RFC 6750, and what came before).
_SHOWN_KEY = re.compile(r"(?:bearer|basic|token) ", re.IGNORECASE)


def handed_over(call: Call) -> frozenset[str]:
    """The origins of what a network call sends, without a key that is shown to the service that gave it out: as
    `Authorization` asks for it, or in a header that bears the service's own name."""
    host = next(
        iter(_NAMED_HOST.findall(" ".join(text for one in addresses(call) for text in flat(one)))), ""
    )
    values = [
        value for name, value in call.keywords.items() if name != "auth" and not _shows_key(name, value, host)
    ]
    return frozenset().union(*(value.origins for value in (*call.args, *values)))


def _shows_key(name: str, value: Value, host: str) -> bool:
    if name != "headers" or not isinstance(value.const, dict):
        return False
    shown = {str(key).lower(): part for key, part in value.const.items()}
    given = shown.get("authorization")
    if isinstance(given, str) and _SHOWN_KEY.match(given) is not None:
        return True
    whose = [re.split(r"[-_]", key)[0] for key in shown if _KEY_HEADER.search(key)]
    return bool(whose) and all(len(word) >= _OWN_NAME and word in host.lower() for word in whose)
