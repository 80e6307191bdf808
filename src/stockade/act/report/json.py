"""JSON for programs: one object a line for `scan`, one document for `check`.

The schemas stand beside this file in ``schemas/``; a change that takes a name away, or gives one another
meaning, needs a new number there. Output is plain ASCII, so that no text of an attacker's reaches a
terminal unescaped even where someone prints the raw JSON.
"""

from __future__ import annotations

import json
from typing import Any

from stockade.act.report.types import ArtifactReport, CheckReport, ReleaseReport
from stockade.act.report.way import archive_of
from stockade.analyse.judge import Explanation
from stockade.model.evidence import Evidence, Gap, Step
from stockade.model.identity import Attested, Publisher

#: The names of the published schemas; the file is NAME.json.
ARTIFACT_SCHEMA = "stockade-artifact-1"
CHECK_SCHEMA = "stockade-check-1"


def schema_text(name: str) -> str:
    """The published JSON Schema (2020-12) called `name`."""
    from importlib import resources

    return resources.files(__package__).joinpath("schemas", f"{name}.json").read_text(encoding="utf-8")


def ndjson_line(report: ArtifactReport) -> str:
    """One artifact as one line, with its line break (schema: stockade-artifact-1)."""
    return encode(artifact_object(report)) + "\n"


def check_document(report: CheckReport) -> str:
    """One check as one indented document, with a final line break (schema: stockade-check-1)."""
    return encode(check_object(report), indent=2) + "\n"


def check_object(report: CheckReport) -> dict[str, Any]:
    """What `check_document` encodes."""
    return {
        "schema": CHECK_SCHEMA,
        "at": report.at.isoformat(timespec="seconds"),
        "requested": [text(one) for one in report.requested],
        "index": text(report.index),
        "python": text(report.python),
        "policy": text(report.policy),
        "mode": report.mode,
        "walls": [text(one) for one in report.walls],
        "releases": [_release(one) for one in report.releases],
        "gaps": [gap_object(one) for one in report.gaps],
        "notes": [text(one) for one in report.notes],
    }


def artifact_object(report: ArtifactReport) -> dict[str, Any]:
    """What `ndjson_line` encodes, and what stands in a document's releases."""
    explained = {"explanation": _explanation(report.explanation)} if report.explanation else {}
    return {
        "artifact": text(report.artifact),
        "sha256": report.sha256,
        "project": text(report.project),
        "version": text(report.version),
        "verdict": report.verdict,
        "score": round(report.score, 6),
        "action": report.action,
        "reasons": [text(one) for one in report.reasons],
        "evidence": [_evidence(one, report) for one in report.evidence],
        "gaps": [gap_object(one) for one in report.gaps],
        "seconds": round(report.seconds, 4),
        "waive": report.waive,
        **explained,
    }


def _explanation(one: Explanation) -> dict[str, Any]:
    return {
        "intercept": round(one.intercept, 4),
        "file": text(one.file),
        "terms": [
            {
                "detector": term.detector,
                "phases": [phase.value for phase in term.phases],
                "log_odds": round(term.log_odds, 4),
                "share": round(term.share, 4),
                "prior": term.prior,
            }
            for term in one.terms
        ],
        "total": round(one.total, 4),
    }


def _release(report: ReleaseReport) -> dict[str, Any]:
    return {
        "project": text(report.project),
        "version": text(report.version),
        "direct": report.direct,
        "action": report.action,
        "artifacts": [artifact_object(one) for one in report.artifacts],
        "attested": None if report.attested is None else [attested_object(one) for one in report.attested],
    }


def publisher_object(one: Publisher) -> dict[str, str]:
    """A publisher whose attestation holds."""
    return {
        "kind": text(one.kind),
        "repository": text(one.repository),
        "workflow": text(one.workflow),
        "identifier": text(one.identifier),
    }


def attested_object(one: Attested) -> dict[str, Any]:
    """What came of one file's attestations."""
    return {
        "file": text(one.filename),
        "publishers": [publisher_object(each) for each in one.publishers],
        "invalid": text(one.invalid),
        "unknown": text(one.unknown),
    }


def _evidence(one: Evidence, report: ArtifactReport) -> dict[str, Any]:
    return {
        "detector": one.detector,
        "phase": one.phase.value if one.phase else None,
        "message": text(one.message),
        "file": text(one.where.file),
        "line": one.where.line,
        "layer": one.where.layer,
        "excerpt": text(one.excerpt),
        "path": [_step(step, report) for step in one.path],
    }


def _step(one: Step, report: ArtifactReport) -> dict[str, Any]:
    return {
        "artifact": text(archive_of(one, report)),
        "file": text(one.where.file),
        "line": one.where.line,
        "layer": one.where.layer,
        "what": text(one.what),
    }


def gap_object(one: Gap) -> dict[str, Any]:
    """Something that was not looked at."""
    return {"kind": one.kind.value, "what": text(one.what), "why": text(one.why)}


def text(raw: str) -> str:
    """Lone surrogates (RFC 8259, 8.2) break other people's parsers: they become their escape, as text."""
    return raw.encode("utf-8", "backslashreplace").decode("utf-8")


def encode(value: dict[str, Any], indent: int | None = None) -> str:
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, indent=indent, separators=separators)
    return text.replace("\x7f", "\\u007f")
