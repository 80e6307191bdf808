"""Records and phases to the facts that detectors see."""

from __future__ import annotations

from stockade import limits
from stockade.analyse.code.facts import Call, Import, Literal, Module
from stockade.analyse.code.scope import Record, Unit
from stockade.analyse.code.walked import Walked
from stockade.model.evidence import Location, Phase


def module(walked: Walked, phases: dict[Unit, Phase]) -> Module:
    """The facts of one file, in source order."""
    calls: list[Call] = []
    literals: list[Literal] = []
    imports: list[Import] = []
    places: dict[tuple[int, int, int], tuple[Location, str | None]] = {}
    for record in walked.records:
        key = (record.line, record.own, record.layer)
        known = places.get(key)
        if known is None:
            depth = walked.layers[record.layer].depth
            at = Location(file=walked.path, line=record.line, layer=depth)
            known = places[key] = (at, _short(record, walked))
        where, shown = known
        if shown is None:
            shown = excerpt(record, walked)
        phase = phases[record.unit]
        if record.kind == "call":
            calls.append(_call(record, phase, where, shown))
        elif record.kind == "literal":
            literals.append(
                Literal(
                    value=record.args[0].value(),
                    phase=phase,
                    where=where,
                    scope=record.unit.name,
                    excerpt=shown,
                    borrowed=record.unit.borrowed,
                )
            )
        else:
            names = record.args[0].const
            imports.append(Import(module=record.target, names=names, phase=phase, where=where))
    return Module(
        path=walked.path,
        name=walked.place.name,
        phase=phases[walked.level],
        calls=tuple(calls),
        literals=tuple(literals),
        imports=tuple(imports),
        size=walked.size,
    )


def _call(record: Record, phase: Phase, where: Location, shown: str) -> Call:
    keywords = record.keywords
    return Call(
        target=record.target,
        args=tuple([one.value() for one in record.args]),
        keywords={name: one.value() for name, one in keywords.items()} if keywords else {},
        phase=phase,
        where=where,
        scope=record.unit.name,
        swallowed=record.swallowed,
        excerpt=shown,
        borrowed=record.unit.borrowed,
        dropped=record.dropped,
    )


def _short(record: Record, walked: Walked) -> str | None:
    """The source line of a record, stripped, where it is the same for all that stands in it."""
    line = walked.layers[record.layer].line(record.own)
    return line.strip() if len(line) <= limits.MAX_EXCERPT else None


def excerpt(record: Record, walked: Walked) -> str:
    """The source line of a record, stripped; of a long line the part where the record begins."""
    line = walked.layers[record.layer].line(record.own)
    if len(line) <= limits.MAX_EXCERPT:
        return line.strip()
    start = max(0, min(record.col, len(line)) - 20) if record.col + 40 > limits.MAX_EXCERPT else 0
    return line[start : start + limits.MAX_EXCERPT].strip()
