"""Brings native code that names a channel by which stolen things leave."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.natives import NativeFile
from stockade.analyse.marks.kinds import Mark
from stockade.model.evidence import Evidence

_WANTED = frozenset(
    {
        Mark.WEBHOOK,
        Mark.BOT,
        Mark.BOT_KEY,
        Mark.TUNNEL,
        Mark.CALLBACK,
        Mark.DROP,
        Mark.PASTE,
        Mark.MINER,
    }
)


@detector("native-names-outlets", on=NativeFile)
def native_names_outlets(native: NativeFile) -> Iterator[Evidence]:
    """Brings native code that names a channel by which stolen things leave.

    What: a string in an ELF, PE or Mach-O file with a chat webhook, a bot's address, a tunnel, a request recorder,
    a file drop, a paste service or a miner's pool.
    Why: native code has no need of a chat channel; what steals has.
    Benign twins: extension modules of honest packages name none of these.
    Blind spots: addresses that are encoded or looked up.
    """
    found = [(mark, part) for mark, part in native.strings if mark in _WANTED]
    if found:
        kinds = ", ".join(sorted(mark.value for mark, _ in found))
        message = f"brings native code that names an outlet ({kinds})"
        yield Evidence(
            detector="native-names-outlets", message=message, where=native.where, excerpt=found[0][1]
        )
