"""How a refusal is said: one line that pip prints (the reason phrase), and a body that uv prints (RFC 9457)."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from stockade.act.gate.book import Verdict
from stockade.act.gate.front import REASON, phrase
from stockade.act.report.shown import shown
from stockade.act.report.types import strongest_first
from stockade.analyse.judge import contributions
from stockade.decide.decide import how_to_allow
from stockade.model.assessment import Flagged
from stockade.model.decision import action
from stockade.model.project import ArtifactRef
from stockade.pipeline import Road

PROBLEM = "application/problem+json"


def problem(status: int, title: str, detail: str, **more: Any) -> Response:
    """A refusal with `detail` as its reason phrase and in its body."""
    plain = shown(detail, limit=1000, ascii_only=True)
    document = {"type": "about:blank", "title": title, "status": status, "detail": plain, **more}
    headers = {REASON.decode(): phrase(plain).decode(), "cache-control": "no-store"}
    return Response(msgspec.json.encode(document), status, headers, media_type=PROBLEM)


def sentence(ref: ArtifactRef, verdict: Verdict, road: Road) -> str:
    """What is decided about a file and why, in one line: what it does, where that is the reason."""
    word = action(verdict.decision)
    says = {"block": "blocked", "ask": "waiting for a person", "undetermined": "not judged"}.get(word, word)
    who = f"{ref.release.name} {ref.release.version}"
    if verdict.way:
        last = verdict.way[-1]
        between = [str(one.name) for one in verdict.way[1:-1]]
        through = f" through {', '.join(between)}" if between else ""
        who = f"{who} brings {last.name} {last.version}{through}, which"
    why = verdict.decision.reasons[0] if verdict.decision.reasons else "nothing more is known"
    assessment = verdict.judged.assessment if verdict.judged else None
    if isinstance(assessment, Flagged) and assessment.evidence:
        first = strongest_first(assessment.evidence, contributions(assessment.evidence, road.model))[0]
        why = f"it {first.message} ({why})"
    return f"Stockade: {who} is {says}: {why}"


def refused(ref: ArtifactRef, verdict: Verdict, road: Road) -> Response:
    """The answer to a request for a file that may not go out."""
    about = verdict.judged.subject if verdict.judged else None
    more: dict[str, Any] = {
        "decision": action(verdict.decision),
        "reasons": [shown(one) for one in verdict.decision.reasons],
        "project": str(ref.release.name),
        "version": ref.release.version,
    }
    if about is not None:
        more["file"] = shown(about.filename)
        more["sha256"] = about.sha256
        if command := how_to_allow(about.project, about.version, about.sha256, road.policy):
            more["allow"] = command
    return problem(403, "Refused by Stockade", sentence(ref, verdict, road), **more)
