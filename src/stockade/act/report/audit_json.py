"""An audit for programs: one document (schema: stockade-audit-1), plain ASCII like the others."""

from __future__ import annotations

from typing import Any

from stockade.act.report.audited import AuditReport, EnvironmentReport
from stockade.act.report.json import artifact_object, encode, text
from stockade.model.audit import Finding
from stockade.model.environment import Environment, Installed
from stockade.model.sighting import Changes

AUDIT_SCHEMA = "stockade-audit-1"


def audit_document(report: AuditReport) -> str:
    """One audit as one indented document, with a final line break."""
    return encode(audit_object(report), indent=2) + "\n"


def audit_object(report: AuditReport) -> dict[str, Any]:
    """What `audit_document` encodes."""
    return {
        "schema": AUDIT_SCHEMA,
        "at": report.at.isoformat(timespec="seconds"),
        "policy": text(report.policy),
        "mode": report.mode,
        "advisories": text(report.advisories),
        "walls": [text(one) for one in report.walls],
        "environments": [_environment(one) for one in report.environments],
        "notes": [text(one) for one in report.notes],
    }


def _environment(report: EnvironmentReport) -> dict[str, Any]:
    return {
        **environment_object(report.environment),
        "action": report.action,
        "authorities": [text(one) for one in report.authorities],
        "installed": [installed_object(one) for one in report.installed],
        "findings": [finding_object(one) for one in report.findings],
        "artifacts": [artifact_object(one) for one in report.artifacts],
        "changes": None if report.changes is None else changes_object(report.changes),
        "gaps": [text(one) for one in report.gaps],
    }


def environment_object(one: Environment) -> dict[str, Any]:
    """An environment, as it was found."""
    return {
        "root": text(one.root),
        "kind": one.kind.value,
        "name": text(one.name),
        "python": text(one.python),
        "site": [text(path) for path in one.site],
        "via": text(one.via),
    }


def installed_object(one: Installed) -> dict[str, Any]:
    """A distribution, as its own files tell."""
    return {
        "project": text(one.name),
        "version": text(one.version),
        "folder": text(one.folder),
        "installer": text(one.installer),
        "requested": one.requested,
        "origin": text(one.origin.url) if one.origin else None,
        "editable": bool(one.origin and one.origin.editable),
        "at": one.at.isoformat(timespec="seconds") if one.at else None,
    }


def changes_object(one: Changes) -> dict[str, Any]:
    """What came, went and moved; `since` is null where nothing was written down before."""
    return {
        "since": one.since.isoformat(timespec="seconds") if one.since else None,
        "added": [{"project": text(each.name), "version": text(each.version)} for each in one.added],
        "removed": [{"project": text(each.name), "version": text(each.version)} for each in one.removed],
        "moved": [
            {"project": text(each.project), "before": text(each.before), "after": text(each.after)}
            for each in one.moved
        ],
    }


def finding_object(one: Finding) -> dict[str, Any]:
    """One finding."""
    return {
        "kind": one.kind,
        "action": one.action,
        "project": text(one.project),
        "version": text(one.version),
        "path": text(one.path),
        "detail": text(one.detail),
        "fix": text(one.fix),
        "advisory": text(one.advisory),
    }
