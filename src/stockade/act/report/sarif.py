"""SARIF 2.1.0 for code scanning: one rule a detector, one result an observation.

A result's level follows the action on its artifact, since a viewer shows levels and knows no policy:
block and undetermined are errors, ask a warning, allow a note. A limit gap of a refused artifact is a
result too (rule ``limit-gap``), so that "nothing found" never hides "not looked at".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from stockade import __version__
from stockade.act.report.shown import shown
from stockade.act.report.types import ArtifactReport
from stockade.act.report.way import archives
from stockade.model.evidence import Evidence, Gap, GapKind, Location, Step

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"block": "error", "undetermined": "error", "ask": "warning", "allow": "note"}
GAP_RULE = "limit-gap"
_GAP_TEXT = "Part of the artifact could not be looked at."
#: Characters of a message; what a viewer shows in a list.
_TEXT = 1000


def sarif_document(
    reports: Iterable[ArtifactReport],
    *,
    descriptions: Mapping[str, str] | None = None,
    manifest: Mapping[str, Location] | None = None,
) -> str:
    """One SARIF log with one run.

    `descriptions`: detector id -> its one-line summary, for the rules. `manifest`: project -> where a
    requirements or lock file asks for it. A viewer of a repository can open that place but no member of
    an archive, so where it is known it is the result's location, and the member a related one.
    """
    value = sarif_object(reports, descriptions or {}, manifest or {})
    return json.dumps(value, ensure_ascii=True, indent=2) + "\n"


def sarif_object(
    reports: Iterable[ArtifactReport], descriptions: Mapping[str, str], manifest: Mapping[str, Location]
) -> dict[str, Any]:
    """What `sarif_document` encodes."""
    every = list(reports)
    ids = {one.detector for report in every for one in report.evidence}
    if any(_told_gaps(report) for report in every):
        ids.add(GAP_RULE)
    rules = sorted(ids)
    index = {name: number for number, name in enumerate(rules)}
    known = archives(every)
    results: list[dict[str, Any]] = []
    for report in every:
        found = [_evidence_result(report, one, index, known) for one in report.evidence]
        found += [_gap_result(report, one, index) for one in _told_gaps(report)]
        if asked := manifest.get(report.project):
            for result in found:
                result["relatedLocations"] = result["locations"]
                result["locations"] = [{"physicalLocation": _place(member_uri(asked.file, ""), asked.line)}]
        results += found
    driver = {
        "name": "Stockade",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(name, descriptions) for name in rules],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        # The schema wants each only once, and the same file may be named twice.
        "artifacts": [*{(one.artifact, one.sha256): _artifact(one) for one in every}.values()],
        "results": _numbered(results),
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def member_uri(artifact: str, member: str) -> str:
    """ARTIFACT!MEMBER as a relative URI reference (RFC 3986): every odd character percent-encoded."""
    path = f"{artifact}!{member}" if member else artifact
    encoded = quote(
        path.encode("utf-8", "surrogateescape" if _escapes(path) else "backslashreplace"), safe="/!@+,=~"
    )
    return f"/{encoded.lstrip('/')}" if path.startswith("/") else encoded


def _escapes(path: str) -> bool:
    """Whether its lone surrogates, if any, are bytes that the file system could not decode (PEP 383)."""
    return all("\udc80" <= char <= "\udcff" for char in path if "\ud800" <= char <= "\udfff")


def _rule(name: str, descriptions: Mapping[str, str]) -> dict[str, Any]:
    text = _GAP_TEXT if name == GAP_RULE else descriptions.get(name, "") or name.replace("-", " ")
    return {"id": name, "shortDescription": {"text": text}, "properties": {"tags": ["security"]}}


def _artifact(report: ArtifactReport) -> dict[str, Any]:
    described: dict[str, Any] = {"location": {"uri": member_uri(report.artifact, "")}}
    if report.sha256:
        described["hashes"] = {"sha-256": report.sha256}
    return described


def _told_gaps(report: ArtifactReport) -> list[Gap]:
    return [one for one in report.gaps if one.kind is GapKind.LIMIT] if report.refused else []


def _evidence_result(
    report: ArtifactReport, one: Evidence, index: Mapping[str, int], known: Mapping[str, str]
) -> dict[str, Any]:
    name = f"{report.project} {report.version}".strip() or report.artifact
    location = _place(member_uri(report.artifact, one.where.file), one.where.line)
    if one.excerpt and "region" in location:
        location["region"]["snippet"] = {"text": shown(one.excerpt)}
    properties: dict[str, Any] = {
        "action": report.action,
        "score": round(report.score, 6),
        "phase": one.phase.value if one.phase else None,
        "layer": one.where.layer,
    }
    flows = {"codeFlows": [_flow(report, one.path, known)]} if one.path else {}
    return {
        "ruleId": one.detector,
        "ruleIndex": index[one.detector],
        "level": LEVELS[report.action],
        "message": {"text": shown(f"{name} {one.message}", limit=_TEXT)},
        "locations": [{"physicalLocation": location}],
        **flows,
        "fingerprint": (
            report.project,
            report.artifact,
            one.detector,
            one.where.file,
            one.excerpt or one.message,
        ),
        "properties": properties,
    }


def _flow(report: ArtifactReport, path: Iterable[Step], known: Mapping[str, str]) -> dict[str, Any]:
    """The way of a value as a code flow (3.36) of one thread; `known` are the archives of this run."""
    locations = []
    for number, step in enumerate(path, 1):
        archive = known.get(step.artifact, step.artifact) if step.artifact else report.artifact
        place = _place(member_uri(archive, step.where.file), step.where.line)
        location = {"physicalLocation": place, "message": {"text": shown(step.what, limit=_TEXT)}}
        locations.append({"location": location, "executionOrder": number})
    return {"threadFlows": [{"locations": locations}]}


def _place(uri: str, line: int | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if line is not None:
        place["region"] = {"startLine": max(1, line)}
    return place


def _gap_result(report: ArtifactReport, one: Gap, index: Mapping[str, int]) -> dict[str, Any]:
    return {
        "ruleId": GAP_RULE,
        "ruleIndex": index[GAP_RULE],
        "level": LEVELS[report.action],
        "message": {"text": shown(f"{one.what}: {one.why}", limit=_TEXT)},
        "locations": [{"physicalLocation": _place(member_uri(report.artifact, ""), None)}],
        "fingerprint": (report.project, report.artifact, GAP_RULE, one.what, one.why),
        "properties": {"action": report.action},
    }


def _numbered(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fingerprints that survive line shifts and other versions: no line and no version goes into them.

    Equal ones are told apart by a running number, as they stand.
    """
    seen: dict[tuple[str, ...], int] = {}
    for result in results:
        parts = result.pop("fingerprint")
        seen[parts] = seen.get(parts, 0) + 1
        text = "\0".join((*parts, str(seen[parts])))
        value = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
        result["partialFingerprints"] = {"stockadeObservation/v1": value[:32]}
    return results
