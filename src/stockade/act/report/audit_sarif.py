"""An audit as SARIF 2.1.0: what is said of environments beside what is said of code, in one run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from stockade.act.report.audit_text import WORDS
from stockade.act.report.audited import AuditReport, EnvironmentReport
from stockade.act.report.sarif import LEVELS, member_uri, sarif_object
from stockade.act.report.shown import shown
from stockade.model.audit import Finding


def audit_sarif(report: AuditReport, *, descriptions: Mapping[str, str]) -> str:
    """One SARIF log with one run."""
    value = sarif_object(report.artifacts, descriptions, {})
    (run,) = value["runs"]
    rules = run["tool"]["driver"]["rules"]
    kinds = sorted({one.kind for each in report.environments for one in each.findings})
    index = {kind: len(rules) + number for number, kind in enumerate(kinds)}
    rules += [{"id": kind, "shortDescription": {"text": f"{WORDS[kind].capitalize()}."}} for kind in kinds]
    for each in report.environments:
        run["results"] += [_result(one, each, index) for one in each.findings]
    return json.dumps(value, ensure_ascii=True, indent=2) + "\n"


def _result(one: Finding, report: EnvironmentReport, index: Mapping[str, int]) -> dict[str, Any]:
    name = f"{one.project} {one.version}".strip() or report.environment.root
    told = f": {one.detail}" if one.detail else ""
    place = one.path or report.environment.root
    parts = [report.environment.root, one.kind, one.project, one.path, one.advisory]
    key = "\0".join(parts)
    return {
        "ruleId": one.kind,
        "ruleIndex": index[one.kind],
        "level": LEVELS[one.action],
        "message": {"text": shown(f"{name}: {WORDS[one.kind]}{told}", limit=1000)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": member_uri(place, "")}}}],
        "partialFingerprints": {
            "stockadeFinding/v1": hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()[:32]
        },
        "properties": {"action": one.action, "fix": shown(one.fix)},
    }
