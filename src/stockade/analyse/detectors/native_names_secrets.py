"""Brings native code that names places where secrets lie."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.natives import NativeFile
from stockade.analyse.marks.kinds import Mark
from stockade.model.evidence import Evidence

_WANTED = frozenset(
    {
        Mark.BROWSER,
        Mark.WALLET,
        Mark.DISCORD,
        Mark.SESSION,
        Mark.CREDENTIAL_FILE,
        Mark.INJECTION,
    }
)


@detector("native-names-secrets", on=NativeFile)
def native_names_secrets(native: NativeFile) -> Iterator[Evidence]:
    """Brings native code that names places where secrets lie.

    What: a string in an ELF, PE or Mach-O file, of one byte or two a character, with the place of browsers' stores,
    wallets, chat tokens, login sessions, keys or cloud credentials.
    Why: compiled code is chosen by thieves because few look inside.
    Benign twins: extension modules of honest packages name none of these; readers of browser cookies do, and say so.
    Blind spots: strings that are encoded, built at run time or packed (see native-packed).
    """
    found = [(mark, part) for mark, part in native.strings if mark in _WANTED]
    if found:
        kinds = ", ".join(sorted(mark.value for mark, _ in found))
        message = f"brings native code that names places of secrets ({kinds})"
        yield Evidence(
            detector="native-names-secrets", message=message, where=native.where, excerpt=found[0][1]
        )
