"""A detonation as one page for people, its timeline drawn (act.report.page says what holds for all pages)."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.act.report.observed import (
    STAGES,
    Chapter,
    DetonationReport,
    Moment,
    Weight,
    address,
    chapters,
    ended,
    loudest,
    out,
)
from stockade.act.report.observed_drawing import DRAWING_STYLE, drawing
from stockade.act.report.page import badge, closing, judged, notes, opening, said

_STYLE = (
    DRAWING_STYLE
    + """
.proof { color: var(--block); font-weight: 600; } .decoy { color: var(--ask); }
.time { width: 4.5rem; } .kind { width: 5.5rem; } td.kind { color: var(--dim); }
.story h3 { font-weight: 600; } .story h3 .about { font-weight: 400; }
"""
)
#: Loud moments of one thing that was run, others, exchanges, files that were left behind, and what was carried out.
_LOUD, _QUIET, _EXCHANGES, _DROPPED, _CARRIED = 40, 300, 200, 200, 100
#: Bytes that a page shows of what was sent, and characters of them.
_SENT, _SENT_SHOWN = 600, 900


def detonation_page(report: DetonationReport) -> str:
    """The whole page, as UTF-8 text."""
    return "\n".join(_page(report)) + "\n"


def _page(report: DetonationReport) -> Iterator[str]:
    seen = report.observation
    yield from opening(f"Detonation of {seen.filename}", _STYLE)
    yield f"<h1>{badge(report.artifact.action)} {said(seen.filename)}</h1>"
    about = (
        f"Run on {seen.started:%Y-%m-%d %H:%M %Z}, among {len(seen.decoys)} decoys; policy: {report.policy}."
    )
    yield f'<p class="about">{said(about, 400)}</p>'
    yield f'<p class="where">sha256 {said(seen.sha256)}</p>'
    yield from _carried(report)
    yield "<h2>What happened</h2>"
    if seen.ran:
        yield from drawing(report)
    else:
        yield "<p>Nothing of it was run.</p>"
    yield "<h2>How it is judged</h2>"
    yield from judged(report.artifact)
    yield '<section class="story">\n<h2>Step by step</h2>'
    for one in chapters(report):
        yield from _chapter(one)
    yield "</section>"
    yield from _exchanges(report)
    yield from _dropped(report)
    yield from _around(report)
    yield from notes(report.notes)
    yield closing()


def _carried(report: DetonationReport) -> Iterator[str]:
    if not report.carried:
        return
    yield '<h2 class="block">Decoys that got out</h2>'
    yield "<table>\n<tr><th>Decoy</th><th>lay in</th><th>was sent to</th><th>disguise</th><th>when</th></tr>"
    for one in report.carried[:_CARRIED]:
        sent = one.exchange
        yield f'<tr><td class="proof">{said(one.decoy.what)}</td><td><code>{said(one.decoy.where)}</code></td>'
        yield f"<td><code>{said(sent.protocol)} {said(address(sent))} {said(sent.summary, 80)}</code></td>"
        when = f"{STAGES[sent.stage]}, {sent.seconds:.1f} s"
        yield f"<td>{said(one.how or 'plain')}</td><td>{when}</td></tr>"
    yield "</table>"
    if len(report.carried) > _CARRIED:
        yield f"<p>And {len(report.carried) - _CARRIED:,} more times.</p>"
    yield '<p class="about">A decoy opens nothing and stood in this run alone: seen in the network, it is proof.</p>'


def _chapter(one: Chapter) -> Iterator[str]:
    if one.ran is None:
        what, how = "between what was run", ""
    else:
        what, how = one.ran.what, f"{ended(one.ran)}, {one.ran.took:.1f} s"
    bad = "" if one.ran is None or one.ran.code == 0 else " ask"
    yield (f'<h3>{STAGES[one.stage]}: {said(what)} <span class="about{bad}">{said(how)}</span></h3>')
    loud = sorted((each for each in one.moments if each.weight is not Weight.QUIET), key=loudest)[:_LOUD]
    quiet = [each for each in one.moments if each not in loud]
    if loud:
        yield from _table(sorted(loud, key=lambda each: each.seconds))
    if quiet:
        yield f"<details><summary>{len(quiet):,} more moment{'s'[: len(quiet) != 1]}</summary>"
        yield from _table(quiet[:_QUIET])
        if len(quiet) > _QUIET:
            yield f"<p>And {len(quiet) - _QUIET:,} more; --format json has them all.</p>"
        yield "</details>"
    if not one.moments:
        yield '<p class="about">Nothing worth telling was seen.</p>'


def _table(moments: list[Moment]) -> Iterator[str]:
    yield "<table>"
    for one in moments:
        style = f' class="{one.weight}"' if one.weight in {Weight.PROOF, Weight.DECOY} else ""
        note = f"carries {one.note}" if one.weight is Weight.PROOF else one.note
        told = f"<br><span{style}>{said(note, 400)}</span>" if note else ""
        failed = f' <span class="about">failed: {said(one.failed)}</span>' if one.failed else ""
        yield f'<tr><td class="figure time">{one.seconds:.1f} s</td><td class="kind">{said(one.kind)}</td>'
        yield f"<td><code>{said(one.what, 400)}</code>{failed}{told}</td></tr>"
    yield "</table>"


def _exchanges(report: DetonationReport) -> Iterator[str]:
    found = report.observation.exchanges
    if not found:
        return
    yield "<h2>What came to the network</h2>"
    yield '<p class="about">It leads nowhere: nothing left this machine.</p>'
    for one in found[:_EXCHANGES]:
        got = out(report, one)
        head = f"{one.protocol} {address(one)} {one.summary}".rstrip()
        size = f"{len(one.sent):,} bytes{' and more' if one.cut else ''}"
        yield f"<details{' open' if got else ''}>"
        yield f"<summary>{one.seconds:.1f} s <code>{said(head)}</code> {size}</summary>"
        yield from (f'<p class="proof">✗ {said(each)}</p>' for each in got)
        if one.sent:
            text = one.sent[:_SENT].decode("utf-8", "backslashreplace")
            yield f"<pre><code>{said(text, _SENT_SHOWN)}</code></pre>"
        yield "</details>"
    if len(found) > _EXCHANGES:
        yield f"<p>And {len(found) - _EXCHANGES:,} more; --format json has them all.</p>"


def _dropped(report: DetonationReport) -> Iterator[str]:
    found = report.observation.dropped
    if not found:
        return
    yield "<h2>What it left behind</h2>\n<table>\n<tr><th>File</th><th>Bytes</th><th>SHA-256</th></tr>"
    for one in found[:_DROPPED]:
        yield f'<tr><td><code>{said(one.path)}</code></td><td class="figure">{one.size:,}</td>'
        yield f'<td class="where">{said(one.sha256)}</td></tr>'
    yield "</table>"
    if len(found) > _DROPPED:
        yield f"<p>And {len(found) - _DROPPED:,} more; --format json has them all.</p>"


def _around(report: DetonationReport) -> Iterator[str]:
    """What stood around it: what could not be seen, decoys, walls."""
    seen = report.observation
    if seen.gaps:
        yield "<h2>What was not seen</h2>\n<ul>"
        yield from (f"<li>{said(one.what)}: {said(one.why, 400)}</li>" for one in seen.gaps)
        yield "</ul>"
    yield "<h2>What stood around it</h2>"
    yield f"<p>Walls: {said(', '.join(seen.walls) or 'none', 600)}.</p>"
    if seen.decoys:
        got = {one.decoy for one in report.carried}
        yield f"<details><summary>{len(seen.decoys)} decoys</summary>\n<table>"
        for one in seen.decoys:
            style = ' class="proof"' if one in got else ""
            yield f"<tr><td{style}>{said(one.what)}</td><td><code>{said(one.where)}</code></td></tr>"
        yield "</table></details>"
