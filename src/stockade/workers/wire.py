"""What goes between the parent, the warm process and a worker, and how far each is believed.

The parent and the warm process are ours and talk in messages. A worker has read hostile bytes: the parent
takes from it one result, bounded, decoded by strict types, for the digest that the parent hashed itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec

from stockade import limits
from stockade.confine import Wall
from stockade.model.artifact import Artifact, Kind
from stockade.model.assessment import Findings
from stockade.model.evidence import Gap, GapKind


class Start(msgspec.Struct, tag="start", frozen=True):
    """Parent to warm process, with two descriptors: the bytes to read, the space for the result.

    `filename` as the file system spells it, since a name need not be text; `size` in bytes; `seconds` of
    wall-clock time.
    """

    number: int
    filename: bytes
    kind: Kind
    sha256: str
    size: int
    seconds: float


class Cancel(msgspec.Struct, tag="cancel", frozen=True):
    """Parent to warm process: nobody waits for this one any more."""

    number: int


class Ready(msgspec.Struct, tag="ready", frozen=True):
    """Warm process to parent: `walls` are those that a trial worker had around it."""

    walls: tuple[Wall, ...]


class Failed(msgspec.Struct, tag="failed", frozen=True):
    """Warm process to parent, its last words."""

    why: str


class Ended(msgspec.Struct, tag="ended", frozen=True):
    """Warm process to parent: a worker is gone and reaped.

    `code` as os.waitstatus_to_exitcode has it; `late` where it was killed for its time.
    """

    number: int
    code: int
    late: bool = False


Request = Start | Cancel
Reply = Ready | Failed | Ended

encode = msgspec.msgpack.Encoder().encode
decode_request: Callable[[bytes], Request] = msgspec.msgpack.Decoder(Request).decode
decode_reply: Callable[[bytes], Reply] = msgspec.msgpack.Decoder(Reply).decode
_decode_findings = msgspec.msgpack.Decoder(Findings).decode


class Garbled(ValueError):
    """A worker's result that is not believed; the text completes "the analyser …"."""


def pack(findings: Findings) -> bytes:
    """The encoded result. Lone surrogates, which no encoding of text can carry, become ``\\udcxx`` in letters."""
    try:
        return encode(findings)
    except UnicodeEncodeError:
        return encode(_spelled_out(msgspec.to_builtins(findings, builtin_types=(bytes,))))


def _spelled_out(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _spelled_out(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled_out(inner) for inner in value]
    return value


def unpack(raw: bytes, sha256: str) -> Findings:
    """The result that `raw` holds, if it is well-formed, within bounds, and about `sha256`; else Garbled."""
    try:
        findings = _decode_findings(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Garbled("sent a result that makes no sense") from None
    if findings.sha256 != sha256:
        raise Garbled("sent a result about other bytes")
    if len(findings.evidence) > limits.MAX_EVIDENCE or not _plausible(findings):
        raise Garbled("sent a result outside its bounds")
    return findings


def _plausible(findings: Findings) -> bool:
    clone = findings.clone
    if clone is not None and not (0 <= clone.share <= 1 and len(clone.differs) <= limits.MAX_DIFFERS):
        return False
    made = findings.profile
    if (
        max(map(len, (made.deeds, made.hosts, made.startup, made.natives, made.kinds, made.tops)))
        > limits.MAX_PROFILE
    ):
        return False
    numbers = (findings.source_bytes, findings.parsed_bytes, findings.seconds)
    texts = (one.excerpt for one in findings.evidence)
    border = findings.summary
    paths = [one.path for one in findings.evidence]
    told = [one.path for one in border.exposures]
    told += [one.path for one in border.handovers]
    told += [one.path for one in border.passings]
    return (
        all(math.isfinite(number) and number >= 0 for number in numbers)
        and all(len(text) <= limits.MAX_EXCERPT for text in texts)
        and len(told) <= 3 * limits.MAX_BORDER
        and all(len(path) <= limits.MAX_STEPS for path in (*paths, *told))
    )


#: What a gap names when the analyser, not the artifact, fell short.
ANALYSER = "the analyser"


def unanalysed(artifact: Artifact, why: str) -> Findings:
    """Findings with nothing but one limit gap; `why` completes "the analyser …"."""
    return Findings(
        sha256=artifact.sha256,
        project="",
        version="",
        gaps=(Gap(kind=GapKind.LIMIT, what=ANALYSER, why=why),),
    )


def finished(findings: Findings) -> bool:
    """False where the analyser was stopped: that says something about this run, and belongs in no cache."""
    return all(gap.what != ANALYSER for gap in findings.gaps)
