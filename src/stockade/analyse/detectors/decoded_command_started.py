"""Starts a command that it first decodes."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import decoded, hidden, seen, starts
from stockade.analyse.code.vocabulary import DECODE, DECRYPT, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("decoded-command-started", on=Call, when=starts)
def decoded_command_started(call: Call) -> Iterator[Evidence]:
    """Starts a command that it first decodes.

    What: a process call whose command was base64, hex, reversed, assembled from numbers or decrypted.
    Why: nobody encodes the name of a build tool.
    Benign twins: PowerShell's own -EncodedCommand, where Python encodes and does not decode, is silent.
    Blind spots: decoders written by hand that the folder cannot follow.
    """
    if not call.values:
        return
    value = call.values[0]
    how = hidden([value]) or tuple(sorted(touching(value.origins, DECODE | DECRYPT)))
    if how:
        message = f"starts a command that it decodes ({', '.join(dict.fromkeys(how))})"
        yield seen("decoded-command-started", call, message, decoded([value]))
