"""An audit as one page for people (act.report.page says what holds for all of them)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from stockade.act.report.audit_text import WORDS, below
from stockade.act.report.audited import AuditReport, EnvironmentReport
from stockade.act.report.page import badge, closing, judged, notes, opening, said
from stockade.act.report.types import ArtifactReport, hardest
from stockade.model.audit import Finding
from stockade.model.sighting import Changes


def audit_page(report: AuditReport) -> str:
    """The whole page, as UTF-8 text."""
    return "\n".join(_page(report)) + "\n"


def _page(report: AuditReport) -> Iterator[str]:
    yield from opening(f"Audit of {report.at:%Y-%m-%d %H:%M}")
    yield f"<h1>What is installed here, {report.at:%Y-%m-%d %H:%M %Z}</h1>"
    about = f"Policy: {report.policy}; advisories: {report.advisories or 'none'}."
    yield f'<p class="about">{said(about)}</p>'
    order = ("block", "undetermined", "ask", "allow")
    every = sorted(report.environments, key=lambda one: (order.index(one.action), one.environment.root))
    yield "<table>\n<caption hidden>Environments</caption>"
    yield "<tr><th>Environment</th><th>Kind</th><th>Distributions</th><th>Outcome</th></tr>"
    for number, one in enumerate(every):
        link = f'<a href="#e{number}">{said(one.environment.root)}</a>'
        yield f"<tr><td>{link}</td><td>{said(one.environment.kind)}</td>"
        yield f"<td>{len(one.installed)}</td><td>{badge(one.action)}</td></tr>"
    yield "</table>"
    for number, one in enumerate(every):
        yield from _environment(one, number)
    yield from notes(report.notes)
    yield closing()


def _environment(report: EnvironmentReport, number: int) -> Iterator[str]:
    one = report.environment
    yield f'<section id="e{number}">\n<h2>{badge(report.action)} {said(one.root)}</h2>'
    told = [str(one.kind), f"Python {one.python}" if one.python else "", one.via]
    told.append(f"measured against {' and '.join(report.authorities)}" if report.authorities else "")
    yield f'<p class="about">{said("; ".join(word for word in told if word), 400)}</p>'
    yield from _changes(report.changes)
    for gap in report.gaps:
        yield f'<p class="undetermined">{said(gap, 400)}</p>'
    loud = [each for each in report.findings if each.action != "allow"]
    refused = {each.project: each for each in report.artifacts if each.refused}
    for project in dict.fromkeys([*(each.project for each in loud), *refused]):
        found = [each for each in loud if each.project == project]
        yield from _project(project, found, refused.get(project), one.root)
    quiet = [each for each in report.findings if each.action == "allow"]
    if quiet:
        yield f"<details><summary>{len(quiet)} more that policy only has told</summary>"
        yield from _findings(quiet, one.root)
        yield "</details>"
    yield "</section>"


def _changes(changes: Changes | None) -> Iterator[str]:
    if changes is None or changes.since is None or not changes:
        return
    yield f"<p>Since {changes.since:%Y-%m-%d %H:%M}:</p>\n<ul>"
    yield from (f"<li>came: {said(str(one))}</li>" for one in changes.added)
    yield from (f"<li>went: {said(str(one))}</li>" for one in changes.removed)
    yield from (
        f"<li>changed: {said(f'{one.project} from {one.before} to {one.after}')}</li>"
        for one in changes.moved
    )
    yield "</ul>"


def _project(project: str, found: list[Finding], code: ArtifactReport | None, root: str) -> Iterator[str]:
    version = found[0].version if found else code.version if code else ""
    action = hardest([one.action for one in found] + ([code.action] if code else []))
    name = f"{project} {version}".strip() or "Files of no distribution"
    yield f"<h3>{badge(action)} {said(name)}</h3>"
    yield from _findings(found, root)
    if code is not None:
        yield from judged(code)


def _findings(found: Iterable[Finding], root: str) -> Iterator[str]:
    """Findings, those that say the same of several files as one with its files."""
    yield "<ul>"
    same: dict[tuple[str, str, str, str], list[str]] = {}
    for one in found:
        files = same.setdefault((one.kind, one.action, one.detail, one.fix), [])
        if one.path:
            files.append(f'<span class="where">{said(below(one.path, root))}</span>')
    for (kind, action, detail, fix), files in same.items():
        told = f": {said(detail, 400)}" if detail else ""
        mended = f"<br>→ {said(fix)}" if fix else ""
        where = f" {files[0]}" if len(files) == 1 else "".join(f"<br>{one}" for one in files)
        yield f'<li><span class="{action}">{escape(WORDS[kind])}</span>{told}{where}{mended}</li>'
    yield "</ul>"
