"""What was seen of something that was run, put in order for a reader.

A chapter is one thing that was run; its moments are what processes did meanwhile, and what came to the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from stockade.act.report.types import ArtifactReport
from stockade.model.observation import Act, Decoy, Exchange, Observation, Ran, Stage

#: What a stage is, for people.
STAGES = {
    Stage.BUILD: "built",
    Stage.INSTALL: "installed",
    Stage.STARTUP: "started",
    Stage.IMPORT: "imported",
    Stage.SCRIPT: "its commands",
    Stage.TOUCH: "used",
}


class Weight(StrEnum):
    """How much a moment says."""

    PROOF = "proof"  #: a decoy's marker came to the network
    DECOY = "decoy"  #: a file with a decoy in it was opened
    NETWORK = "network"
    DID = "did"  #: something was written, or another program was run
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A decoy's marker that an exchange carried. `how` says in what disguise (``base64``), "" where in none."""

    exchange: Exchange
    decoy: Decoy
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetonationReport:
    """One detonation: how the artifact is judged with it, what was seen, which decoys got out. `policy` is its source;
    `notes` are sentences for people."""

    artifact: ArtifactReport
    observation: Observation
    carried: tuple[Carried, ...] = ()
    policy: str = ""
    mode: str = "enforce"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened. `kind` is an Act's word, or an exchange's protocol; `what` is the attacker's text,
    unescaped; `note` ours: whose decoy it is, what got out."""

    seconds: float
    weight: Weight
    kind: str
    what: str
    note: str = ""
    process: int = 0
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One thing that was run and what happened meanwhile; `ran` is None for what belongs to nothing that was run."""

    stage: Stage
    ran: Ran | None
    moments: tuple[Moment, ...]


def chapters(report: DetonationReport) -> tuple[Chapter, ...]:
    """What was run, in order, each with its moments; what nothing that was run explains stands before its stage."""
    seen = report.observation
    found = sorted(moments(report), key=lambda one: one[1].seconds)
    every: list[Chapter] = []
    for stage in Stage:
        runs = sorted((one for one in seen.ran if one.stage is stage), key=lambda one: one.seconds)
        held: dict[int, list[Moment]] = {number: [] for number in range(-1, len(runs))}
        for where, moment in found:
            if where is stage:
                held[sum(one.seconds <= moment.seconds for one in runs) - 1].append(moment)
        if held[-1]:
            every.append(Chapter(stage=stage, ran=None, moments=tuple(held[-1])))
        every += [
            Chapter(stage=stage, ran=one, moments=tuple(held[number])) for number, one in enumerate(runs)
        ]
    return tuple(every)


def moments(report: DetonationReport) -> Iterator[tuple[Stage, Moment]]:
    """Every event and exchange, in no order, with its stage."""
    decoys = {_ending(one.where): one for one in report.observation.decoys if _ending(one.where)}
    for event in report.observation.events:
        decoy = next((one for end, one in decoys.items() if event.what.endswith(end)), None)
        weight = _WEIGHTS.get(event.act, Weight.QUIET)
        if decoy is not None and event.act is Act.READ:
            weight = Weight.DECOY
        yield (
            event.stage,
            Moment(
                seconds=event.seconds,
                weight=weight,
                kind=event.act.value,
                what=event.what,
                note=f"the decoy {decoy.what}" if weight is Weight.DECOY and decoy else "",
                process=event.process,
                failed=event.failed,
            ),
        )
    for one in report.observation.exchanges:
        got = out(report, one)
        yield (
            one.stage,
            Moment(
                seconds=one.seconds,
                weight=Weight.PROOF if got else Weight.NETWORK,
                kind=one.protocol,
                what=" ".join(filter(None, (address(one), one.summary))),
                note="; ".join(got),
            ),
        )


def out(report: DetonationReport, exchange: Exchange) -> tuple[str, ...]:
    """Which decoys `exchange` carried, and in what disguise: each "the decoy … (base64)"."""
    found = (
        f"the decoy {one.decoy.what}{f' ({one.how})' if one.how else ''}"
        for one in report.carried
        if one.exchange is exchange or one.exchange == exchange
    )
    return tuple(dict.fromkeys(found))


def address(one: Exchange) -> str:
    """Host and port, as one word."""
    return f"[{one.host}]:{one.port}" if ":" in one.host else f"{one.host}:{one.port}"


def loudest(one: Moment) -> tuple[int, float]:
    """A key that sorts what says most to the front, then by time."""
    return list(Weight).index(one.weight), one.seconds


def spans(report: DetonationReport) -> float:
    """Seconds from the start to the end of the last thing that was seen; at least one."""
    seen = report.observation
    ends = chain(
        (one.seconds + one.took for one in seen.ran),
        (one.seconds for one in seen.events),
        (one.seconds for one in seen.exchanges),
    )
    return max(1.0, *ends, 0.0)


def ended(one: Ran) -> str:
    """How something that was run ended."""
    if one.code is None:
        return "was stopped for taking too long"
    return "ended well" if one.code == 0 else f"ended with code {one.code}"


_WEIGHTS = {
    Act.WRITE: Weight.DID,
    Act.EXECUTE: Weight.DID,
    Act.CONNECT: Weight.NETWORK,
    Act.SEND: Weight.NETWORK,
}


def _ending(where: str) -> str:
    """How the path of a decoy's file ends; "" for what is no file (a variable, an address)."""
    if where.startswith("~/"):
        return where[1:]
    return where if where.startswith("/") else ""
