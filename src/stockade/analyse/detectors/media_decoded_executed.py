"""Executes or starts something that it has read out of a picture or a sound."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import does, executes, seen, starts
from stockade.analyse.code.vocabulary import MEDIA, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("media-decoded-executed", on=Call, when=does)
def media_decoded_executed(call: Call) -> Iterator[Evidence]:
    """Executes or starts something that it has read out of a picture or a sound.

    What: exec, a code object or a process whose arguments depend on the numbers of a media file.
    Why: a payload among pixels or samples is seen by no reader and no scanner of text.
    Benign twins: programs that show or convert a media file, which pass its path.
    Blind spots: media files read by hand, or written out first.
    """
    if (executes(call) or starts(call)) and (found := touching(call.origins, MEDIA)):
        yield seen(
            "media-decoded-executed", call, f"executes what it reads out of a media file ({min(found)})"
        )
