"""Goes through all of the environment's variables, encodes something and contacts the network."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import OUTLETS, marked, sender
from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.observe import UNASKED, first, idle, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_LOOPS = frozenset({"os.environ.items", "os.environ.values", "os.environ.copy"})
_PACKS = frozenset({"dict", "str", "json.dumps", "repr", "urllib.parse.urlencode", "pickle.dumps"})
_ENCODES = frozenset(
    {
        "base64.b64encode",
        "base64.urlsafe_b64encode",
        "base64.b32encode",
        "binascii.hexlify",
        "base64.b16encode",
        "zlib.compress",
    }
)
_SINGLE = frozenset({"os.environ.get", "os.environ.__getitem__", "os.environ.pop"})


@detector("environment-collected", on=Module)
def environment_collected(module: Module) -> Iterator[Evidence]:
    """Goes through all of the environment's variables, encodes something and contacts the network.

    What: a loop over, or a copy of, `os.environ` as a whole and a network call in one module, together with
    an encoder or an address of a chat channel, recorder, tunnel or bare address.
    Why: the secrets of a build machine leave in one request, in whatever phase.
    Benign twins: programs that pass an environment on to a child do not encode it or name such hosts.
    Blind spots: variables read one by one; `/proc/self/environ` (see credential-files).
    """
    call = sender(module)
    if call is None:
        return
    whole = next((one for one in module.calls if _whole(one)), None)
    if whole is None:
        return
    encoder = first(module, _ENCODES)
    hides = encoder is not None and (whole.phase in UNASKED or encoder.scope == whole.scope)
    if hides or marked(module, *OUTLETS) is not None:
        yield seen("environment-collected", call, "sends beside a copy of the whole environment")


def _whole(call: Call) -> bool:
    if idle(call):
        return False
    if call.target in _LOOPS:
        return True
    origins = call.origins
    return call.target in _PACKS and "os.environ" in origins and not origins & _SINGLE
