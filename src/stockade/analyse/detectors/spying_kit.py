"""Watches its user in several ways, and stays, steals or ends other programs."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import STORES, marked
from stockade.analyse.code.facts import Call, Module, Package
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import idle, seen
from stockade.analyse.code.vocabulary import CLIPBOARD, WATCH, within
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Words in the names of what records each kind of thing.
_KINDS = {
    "keys": ("keyboard", "hook", "keystate", "windowshook"),
    "screen": ("screenshot", "imagegrab", "mss", "dxcam", "d3dshot", "pyscreenshot"),
    "camera": ("videocapture",),
    "sound": ("pyaudio", "sounddevice", "soundcard"),
}
#: Kinds of watching below which an automation tool may be meant.
_ENOUGH = 2


@detector("spying-kit", on=Package)
def spying_kit(package: Package) -> Iterator[Evidence]:
    """Watches its user in several ways, and stays, steals or ends other programs.

    What: over all files, two or more of keys, screen, camera, sound and clipboard are recorded, and there is a place
    that makes programs start by themselves, a store of another program's secrets or a command that ends programs.
    Why: each part has honest uses; together they are what a remote control of somebody else's machine is made of.
    Benign twins: automation and remote desktops watch and act, and neither persist nor look for secrets.
    Blind spots: parts that are spread over several packages.
    """
    kinds: dict[str, Call] = {}
    for module in package.modules:
        for call in module.calls:
            if (kind := _kind(call)) and not idle(call):
                kinds.setdefault(kind, call)
    if len(kinds) >= _ENOUGH and any(_stays_or_steals(module) for module in package.modules):
        first = next(iter(kinds.values()))
        yield seen(
            "spying-kit", first, f"watches {' and '.join(sorted(kinds))}, and stays or looks for secrets"
        )


def _kind(call: Call) -> str:
    if within(call.target, WATCH):
        low = call.target.lower()
        return next((kind for kind, words in _KINDS.items() if any(word in low for word in words)), "")
    return "clipboard" if call.target in CLIPBOARD else ""


def _stays_or_steals(module: Module) -> bool:
    return marked(module, Mark.PERSIST, Mark.KILL, *STORES) is not None
