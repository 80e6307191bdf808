"""An audit as one page for people: no script, nothing loaded from anywhere, light and dark, printable.

All text of an archive or an environment goes through `_said`: shown (no control, no bidi), then escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from stockade.act.report.audit_text import WORDS
from stockade.act.report.audited import AuditReport, EnvironmentReport
from stockade.act.report.shown import shown
from stockade.act.report.types import ArtifactReport, hardest
from stockade.model.audit import Finding
from stockade.model.sighting import Changes

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --dim: #767676; --block: #b3261e; --ask: #8a6100;
  --undetermined: #7b3fa0; --allow: #2e6b34; }
@media (prefers-color-scheme: dark) { :root { --dim: #9a9a9a; --block: #ff8a80; --ask: #ffcf5c;
  --undetermined: #d5a6f0; --allow: #8fd694; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
.about, .where { color: var(--dim); } .where, code { font-family: ui-monospace, monospace; font-size: .9em;
  overflow-wrap: anywhere; }
.block { color: var(--block); } .ask { color: var(--ask); } .undetermined { color: var(--undetermined); }
.allow { color: var(--allow); } .badge { font-weight: 600; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top;
  padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); }
ul { margin: .2rem 0; padding-left: 1.2rem; } pre { overflow-x: auto; white-space: pre-wrap; margin: .2rem 0; }
summary { cursor: pointer; }
"""
#: What stands on the page for an action.
_CALLED = {"block": "refused", "undetermined": "undetermined", "ask": "to decide", "allow": "in order"}
_SIGNS = {"block": "✗", "undetermined": "!", "ask": "?", "allow": "✓"}


def audit_page(report: AuditReport) -> str:
    """The whole page, as UTF-8 text."""
    return "\n".join(_page(report)) + "\n"


def _page(report: AuditReport) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    # Whatever an archive smuggled in would still load and run nothing.
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>Audit of {report.at:%Y-%m-%d %H:%M}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>"
    yield f"<h1>What is installed here, {report.at:%Y-%m-%d %H:%M %Z}</h1>"
    about = f"Policy: {report.policy}; advisories: {report.advisories or 'none'}."
    yield f'<p class="about">{_said(about)}</p>'
    order = ("block", "undetermined", "ask", "allow")
    every = sorted(report.environments, key=lambda one: (order.index(one.action), one.environment.root))
    yield "<table>\n<caption hidden>Environments</caption>"
    yield "<tr><th>Environment</th><th>Kind</th><th>Distributions</th><th>Outcome</th></tr>"
    for number, one in enumerate(every):
        link = f'<a href="#e{number}">{_said(one.environment.root)}</a>'
        yield f"<tr><td>{link}</td><td>{_said(one.environment.kind)}</td>"
        yield f"<td>{len(one.installed)}</td><td>{_badge(one.action)}</td></tr>"
    yield "</table>"
    for number, one in enumerate(every):
        yield from _environment(one, number)
    if report.notes:
        yield (
            "<h2>Notes</h2>\n<ul>"
            + "".join(f"<li>{_said(note, 400)}</li>" for note in report.notes)
            + "</ul>"
        )
    yield "</main>\n</body>\n</html>"


def _environment(report: EnvironmentReport, number: int) -> Iterator[str]:
    one = report.environment
    yield f'<section id="e{number}">\n<h2>{_badge(report.action)} {_said(one.root)}</h2>'
    told = [str(one.kind), f"Python {one.python}" if one.python else "", one.via]
    told.append(f"measured against {' and '.join(report.authorities)}" if report.authorities else "")
    yield f'<p class="about">{_said("; ".join(word for word in told if word), 400)}</p>'
    yield from _changes(report.changes)
    for gap in report.gaps:
        yield f'<p class="undetermined">{_said(gap, 400)}</p>'
    loud = [each for each in report.findings if each.action != "allow"]
    refused = {each.project: each for each in report.artifacts if each.refused}
    for project in dict.fromkeys([*(each.project for each in loud), *refused]):
        yield from _project(project, [each for each in loud if each.project == project], refused.get(project))
    quiet = [each for each in report.findings if each.action == "allow"]
    if quiet:
        yield f"<details><summary>{len(quiet)} more that policy only has told</summary>"
        yield from _findings(quiet)
        yield "</details>"
    yield "</section>"


def _changes(changes: Changes | None) -> Iterator[str]:
    if changes is None or changes.since is None or not changes:
        return
    yield f"<p>Since {changes.since:%Y-%m-%d %H:%M}:</p>\n<ul>"
    yield from (f"<li>came: {_said(str(one))}</li>" for one in changes.added)
    yield from (f"<li>went: {_said(str(one))}</li>" for one in changes.removed)
    yield from (
        f"<li>changed: {_said(f'{one.project} from {one.before} to {one.after}')}</li>"
        for one in changes.moved
    )
    yield "</ul>"


def _project(project: str, found: list[Finding], judged: ArtifactReport | None) -> Iterator[str]:
    version = found[0].version if found else judged.version if judged else ""
    action = hardest([one.action for one in found] + ([judged.action] if judged else []))
    name = f"{project} {version}".strip() or "Files of no distribution"
    yield f"<h3>{_badge(action)} {_said(name)}</h3>"
    yield from _findings(found)
    if judged is not None:
        yield "<ul>"
        for one in judged.evidence:
            line = f'{_said(one.message, 300)} <span class="where">{_said(str(one.where))}</span>'
            code = f"<pre><code>{_said(one.excerpt, 400)}</code></pre>" if one.excerpt.strip() else ""
            yield f"<li>{line}{code}</li>"
        yield from (f"<li>{_said(reason, 400)}</li>" for reason in judged.reasons)
        yield "</ul>"


def _findings(found: Iterable[Finding]) -> Iterator[str]:
    yield "<ul>"
    for one in found:
        where = f' <span class="where">{_said(one.path)}</span>' if one.path else ""
        detail = f": {_said(one.detail, 400)}" if one.detail else ""
        fix = f"<br>→ {_said(one.fix)}" if one.fix else ""
        yield f'<li><span class="{one.action}">{escape(WORDS[one.kind])}</span>{detail}{where}{fix}</li>'
    yield "</ul>"


def _badge(action: str) -> str:
    return f'<span class="badge {action}">{_SIGNS[action]} {_CALLED[action]}</span>'


def _said(text: str, limit: int = 240) -> str:
    return escape(shown(text, limit=limit))
