"""Carries the text of a script in another language that fetches, decodes, sends or hides."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import marks
from stockade.analyse.code.observe import idle, seen
from stockade.analyse.detector import detector
from stockade.analyse.files.script_text import Language, Script
from stockade.analyse.files.scripts import deeds
from stockade.model.evidence import Evidence

#: A script has lines; what is longer than any script is data.
_LEAST, _MOST = 40, 1 << 18


@detector("script-in-string", on=Literal)
def script_in_string(literal: Literal) -> Iterator[Evidence]:
    """Carries the text of a script in another language that fetches, decodes, sends or hides.

    What: a string of several lines that, as a shell, PowerShell, batch, JavaScript or Windows script, does what
    the detectors of scripts look for.
    Why: Python writes it to a file and starts it; the payload is in no file of the archive.
    Benign twins: templates of honest scripts; clients that send a line to a remote shell.
    Blind spots: single lines, which have detectors of their own; scripts without any known name or address.
    """
    text = literal.text
    if not _LEAST <= len(text) <= _MOST or "\n" not in text.strip() or not marks(text) or idle(literal):
        return
    for language in Language:
        for found in deeds(Script(text, language))[:1]:
            message = f"carries a {language} script that {found.deed}"
            yield seen("script-in-string", literal, message, found.excerpt)
            return
