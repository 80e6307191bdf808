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
    places: dict[tuple[int, int], Location] = {}
    for record in walked.records:
        key = (record.line, record.layer)
        where = places.get(key)
        if where is None:
            depth = walked.layers[record.layer].depth
            where = places[key] = Location(file=walked.path, line=record.line, layer=depth)
        phase = phases[record.unit]
        if record.kind == "call":
            calls.append(_call(record, walked, phase, where))
        elif record.kind == "literal":
            literals.append(
                Literal(
                    value=record.args[0].value(),
                    phase=phase,
                    where=where,
                    scope=record.unit.name,
                    excerpt=excerpt(record, walked),
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


def _call(record: Record, walked: Walked, phase: Phase, where: Location) -> Call:
    keywords = record.keywords
    return Call(
        target=record.target,
        args=tuple([one.value() for one in record.args]),
        keywords={name: one.value() for name, one in keywords.items()} if keywords else {},
        phase=phase,
        where=where,
        scope=record.unit.name,
        swallowed=record.swallowed,
        excerpt=excerpt(record, walked),
    )


def excerpt(record: Record, walked: Walked) -> str:
    """The source line of a record, stripped; of a long line the part where the record begins."""
    line = walked.layers[record.layer].line(record.own)
    if len(line) <= limits.MAX_EXCERPT:
        return line.strip()
    start = max(0, min(record.col, len(line)) - 20) if record.col + 40 > limits.MAX_EXCERPT else 0
    return line[start : start + limits.MAX_EXCERPT].strip()
