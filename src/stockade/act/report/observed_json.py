"""A detonation for programs: one document (schema: stockade-detonation-1), plain ASCII like the others."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

from stockade.act.report.json import artifact_object, encode, gap_object, text
from stockade.act.report.observed import DetonationReport
from stockade.model.observation import Decoy, Event, Exchange, Observation, Ran

DETONATION_SCHEMA = "stockade-detonation-1"


def detonation_document(report: DetonationReport) -> str:
    """One detonation as one indented document, with a final line break."""
    return encode(detonation_object(report), indent=2) + "\n"


def detonation_object(report: DetonationReport) -> dict[str, Any]:
    """What `detonation_document` encodes."""
    return {
        "schema": DETONATION_SCHEMA,
        "policy": text(report.policy),
        "mode": report.mode,
        "artifact": artifact_object(report.artifact),
        "observation": observation_object(report),
        "notes": [text(one) for one in report.notes],
    }


def observation_object(report: DetonationReport) -> dict[str, Any]:
    """What was seen; an exchange says which decoys it carried, by their place in `decoys`."""
    seen: Observation = report.observation
    return {
        "filename": text(seen.filename),
        "sha256": seen.sha256,
        "started": seen.started.isoformat(timespec="seconds"),
        "walls": [text(one) for one in seen.walls],
        "decoys": [_decoy(one) for one in seen.decoys],
        "ran": [_ran(one) for one in seen.ran],
        "events": [_event(one) for one in seen.events],
        "exchanges": [_exchange(one, report) for one in seen.exchanges],
        "dropped": [{"path": text(one.path), "size": one.size, "sha256": one.sha256} for one in seen.dropped],
        "gaps": [gap_object(one) for one in seen.gaps],
    }


def _decoy(one: Decoy) -> dict[str, Any]:
    return {
        "what": text(one.what),
        "where": text(one.where),
        "marker": one.marker.decode("ascii", "backslashreplace"),
    }


def _ran(one: Ran) -> dict[str, Any]:
    return {
        "seconds": round(one.seconds, 3),
        "stage": one.stage.value,
        "what": text(one.what),
        "code": one.code,
        "took": round(one.took, 3),
    }


def _event(one: Event) -> dict[str, Any]:
    return {
        "seconds": round(one.seconds, 3),
        "stage": one.stage.value,
        "act": one.act.value,
        "what": text(one.what),
        "process": one.process,
        "failed": text(one.failed),
    }


def _exchange(one: Exchange, report: DetonationReport) -> dict[str, Any]:
    order = report.observation.decoys
    return {
        "seconds": round(one.seconds, 3),
        "stage": one.stage.value,
        "protocol": one.protocol,
        "host": text(one.host),
        "port": one.port,
        "summary": text(one.summary),
        "size": len(one.sent),
        "sha256": hashlib.sha256(one.sent).hexdigest(),
        "cut": one.cut,
        "sent": b64encode(one.sent).decode("ascii"),
        "carried": [
            {"decoy": order.index(each.decoy) if each.decoy in order else None, "how": text(each.how)}
            for each in report.carried
            if each.exchange == one
        ],
    }
