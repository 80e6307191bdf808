"""What all pages for people have in common: no script, nothing loaded from anywhere, light and dark, printable.

All text of an archive or an environment goes through `said`: shown (no control, no bidi), then escaped.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from stockade.act.report.shown import shown
from stockade.act.report.types import ArtifactReport

_STYLE = """
:root { color-scheme: light dark; --paper: #fdfdfc; --ink: #1f2328; --line: #8883; --dim: #656d76; --soft: #8881;
  --block: #b3261e; --ask: #8a6100; --undetermined: #7b3fa0; --allow: #2e6b34; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e3e5e8; --dim: #9aa1aa;
  --block: #ff8a80; --ask: #ffcf5c; --undetermined: #d5a6f0; --allow: #8fd694; --link: #8ab8ff; } }
body { font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; max-width: 64rem; margin: 2rem auto;
  padding: 0 1.2rem 3rem; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.3rem 0 .2rem; overflow-wrap: anywhere; }
p { margin: .4rem 0; } a { color: var(--link); }
.about, .where { color: var(--dim); } .where, code { font-family: ui-monospace, "DejaVu Sans Mono", monospace;
  font-size: .86em; overflow-wrap: anywhere; }
.block { color: var(--block); } .ask { color: var(--ask); } .undetermined { color: var(--undetermined); }
.allow { color: var(--allow); } .badge { font-weight: 600; white-space: nowrap; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; } th, td { text-align: left; vertical-align: top;
  padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: 600; font-size: .85em; white-space: nowrap; }
tr > :last-child { padding-right: 0; }
td.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
ul { margin: .2rem 0; padding-left: 1.2rem; } li { margin: .2rem 0; }
pre { overflow-x: auto; white-space: pre-wrap; margin: .25rem 0; padding: .3rem .6rem; background: var(--soft);
  border-radius: 4px; }
summary { cursor: pointer; color: var(--dim); margin: .5rem 0; }
@media print { body { margin: 0; max-width: none; } h3, tr { break-inside: avoid; } }
"""
#: What stands on a page for an action.
_CALLED = {"block": "refused", "undetermined": "undetermined", "ask": "to decide", "allow": "in order"}
_SIGNS = {"block": "✗", "undetermined": "!", "ask": "?", "allow": "✓"}


def opening(title: str, style: str = "") -> Iterator[str]:
    """Everything before a page's first heading; `style` is added to what all pages have."""
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    # Whatever an archive smuggled in would still load and run nothing.
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{said(title)}</title>\n<style>{_STYLE}{style}</style>\n</head>\n<body>\n<main>"


def closing() -> str:
    """Everything after a page's last words."""
    return "</main>\n</body>\n</html>"


def badge(action: str) -> str:
    """An action's sign and word, in its colour."""
    return f'<span class="badge {action}">{_SIGNS[action]} {_CALLED[action]}</span>'


def said(text: str, limit: int = 240) -> str:
    """Attacker text, harmless in a page."""
    return escape(shown(text, limit=limit))


def notes(told: tuple[str, ...]) -> Iterator[str]:
    """The closing list of remarks, if there are any."""
    if told:
        yield "<h2>Notes</h2>\n<ul>"
        yield from (f"<li>{said(note, 400)}</li>" for note in told)
        yield "</ul>"


def judged(report: ArtifactReport) -> Iterator[str]:
    """What was observed of an artifact, and why that leads to its action."""
    if not report.evidence and not report.reasons:
        yield '<p class="about">Nothing speaks against it.</p>'
        return
    yield "<ul>"
    for one in report.evidence:
        line = f'{said(one.message, 300)} <span class="where">{said(str(one.where))}</span>'
        code = f"<pre><code>{said(one.excerpt, 400)}</code></pre>" if one.excerpt.strip() else ""
        yield f"<li>{line}{code}</li>"
    yield from (f"<li>{said(reason, 400)}</li>" for reason in report.reasons)
    yield "</ul>"
