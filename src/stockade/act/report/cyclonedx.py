"""An audit as a bill of materials: CycloneDX 1.6 (ECMA-424), one component a distribution, verdicts as properties.

Bills that distributions bring along (PEP 770) are taken in as references to their files, with their digests: what they
list is the word of who packed them.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from stockade import __version__
from stockade.act.report.audited import AuditReport, EnvironmentReport
from stockade.act.report.json import text
from stockade.model.audit import Finding, Standing
from stockade.model.environment import Installed

#: A distribution's folder -> the SBOM files in it, each with its SHA-256.
Boms = Mapping[str, Iterable[tuple[str, str]]]


def cyclonedx_document(report: AuditReport, boms: Boms | None = None) -> str:
    """One bill for all environments of an audit, as indented JSON in plain ASCII."""
    value = cyclonedx_object(report, boms or {})
    return json.dumps(value, ensure_ascii=True, indent=2) + "\n"


def cyclonedx_object(report: AuditReport, boms: Boms) -> dict[str, Any]:
    """What `cyclonedx_document` encodes."""
    components = [_environment(one, boms) for one in report.environments]
    value: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": report.at.isoformat(timespec="seconds"),
            "tools": {
                "components": [{"type": "application", "name": "stockade", "version": __version__}],
            },
            "properties": [_property("policy", report.policy), _property("advisories", report.advisories)],
        },
        "components": components,
        "vulnerabilities": [one for each in report.environments for one in _vulnerabilities(each)],
    }
    # The same contents give the same number, so that a bill can be compared with the one before.
    digest = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).digest()
    value["serialNumber"] = f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}"
    return value


def purl(name: str, version: str) -> str:
    """The package URL of a release (type pypi)."""
    return f"pkg:pypi/{quote(name, safe='.-_')}@{quote(version, safe='.-_')}"


def _environment(report: EnvironmentReport, boms: Boms) -> dict[str, Any]:
    one = report.environment
    return {
        "type": "platform",
        "bom-ref": _ref(one.root),
        "name": text(one.root),
        **({"version": text(one.python)} if one.python else {}),
        "properties": [_property("kind", one.kind), _property("action", report.action)],
        "components": [_component(each, report, boms) for each in _each_once(report.installed)],
    }


def _each_once(installed: Iterable[Installed]) -> Iterator[Installed]:
    """A reference must be unique, and a half-deleted environment may hold a distribution twice."""
    seen = set()
    for one in installed:
        if one.folder not in seen:
            seen.add(one.folder)
            yield one


def _component(one: Installed, report: EnvironmentReport, boms: Boms) -> dict[str, Any]:
    found = [each for each in report.findings if each.project == one.name]
    judged = next((each for each in report.artifacts if each.project == one.name), None)
    properties = [_property("installer", one.installer)] if one.installer else []
    properties += [_property(f"finding:{each.kind}", each.detail or each.path) for each in found]
    if judged is not None:
        properties += [_property("verdict", judged.verdict), _property("action", judged.action)]
    references = [
        {
            "type": "bom",
            "url": f"file://{quote(path.encode('utf-8', 'surrogateescape'))}",
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }
        for path, digest in boms.get(one.folder, ())
    ]
    return {
        "type": "library",
        "bom-ref": _ref(one.folder),
        "name": text(one.name),
        "version": text(one.version),
        "purl": text(purl(one.name, one.version)),
        **({"externalReferences": references} if references else {}),
        **({"properties": properties} if properties else {}),
    }


def _vulnerabilities(report: EnvironmentReport) -> Iterator[dict[str, Any]]:
    folders = {str(one.name): one.folder for one in report.installed}
    for one in report.findings:
        if one.advisory and one.project in folders:
            yield {
                "id": text(one.advisory),
                "description": text(one.detail),
                **({"recommendation": text(one.fix)} if one.fix else {}),
                **_rated(one),
                "affects": [{"ref": _ref(folders[one.project])}],
            }


def _rated(one: Finding) -> dict[str, Any]:
    return {"ratings": [{"severity": "critical"}]} if one.kind == Standing.MALICIOUS else {}


def _ref(path: str) -> str:
    """A reference inside of the bill that no other path shares."""
    return hashlib.sha256(path.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": f"stockade:{name}", "value": text(value)}
