"""Fetches a raw file out of a code-hosting site's repository, unasked."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import RUNS, flat, networks, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: What people read, and no interpreter.
_PROSE = (".md", ".rst", ".csv", ".tsv")


@detector("raw-file-fetched", on=Call, when=networks)
def raw_file_fetched(call: Call) -> Iterator[Evidence]:
    """Fetches a raw file out of a code-hosting site's repository, unasked.

    What: a network call at install, start-up, import or behind a command whose constant address leads to
    the raw view of a hosted file.
    Why: the file can be replaced at any time after the release was looked at.
    Benign twins: links to pictures and data in documentation are no calls; data sets fetched when called; a read-me
    or a table does not count.
    Blind spots: addresses that are assembled from outside input; a process that fetches.
    """
    if call.phase in RUNS:
        for value in call.values:
            texts = (text for text in flat(value) if not text.lower().endswith(_PROSE))
            if part := next(filter(None, (mark(text, Mark.RAW) for text in texts)), ""):
                yield seen("raw-file-fetched", call, "fetches a raw file from a repository", part)
                return
