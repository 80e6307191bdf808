"""Watches keys, pointer, clipboard, camera, microphone or screen."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import does, seen
from stockade.analyse.code.vocabulary import CLIPBOARD, WATCH
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Ends of names that put something on the clipboard, where nothing is taken.
_PUTS = (".copy", ".SetClipboardData", ".SetClipboardText")


@detector("input-capture", on=Call, when=does)
def input_capture(call: Call) -> Iterator[Evidence]:
    """Watches keys, pointer, clipboard, camera, microphone or screen.

    What: a call that listens to input or takes a picture of the screen.
    Why: what is typed and shown is worth more than what is stored.
    Benign twins: automation and accessibility libraries, in functions that are called.
    Blind spots: the same by native code.
    """
    if (call.target in WATCH or call.target in CLIPBOARD) and not call.target.endswith(_PUTS):
        yield seen("input-capture", call, f"calls {call.target}")
