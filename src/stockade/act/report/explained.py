"""``--explain``: what each detector adds to a score, in log-odds, and how that becomes the score."""

from __future__ import annotations

from stockade.act.report.look import Look, wrapped
from stockade.analyse.judge import Explanation, Term

#: Columns of a detector's name.
_NAME = 30


def explanation_lines(one: Explanation, look: Look, indent: str) -> list[str]:
    """The sum, a line a detector: log-odds, its share of what all add, and when it speaks."""
    lines = [indent + look.paint("its score", "cyan")]
    lines.append(f"{indent}  {one.intercept:+6.2f}        where nothing is seen")
    lines += [
        f"{indent}  {term.log_odds:+6.2f}  {100 * term.share:3.0f} %  {_of(term, look)}" for term in one.terms
    ]
    if one.file:
        lines += wrapped(
            f"in full where it is in {look.shown(one.file, 120)}, in part elsewhere",
            look.width,
            f"{indent}  ",
        )
    total = f"= {one.total:+.2f} in log-odds: a score of {one.score:.2f}"
    return [*lines, f"{indent}  {total}"]


def _of(term: Term, look: Look) -> str:
    when = ", ".join(phase.value for phase in term.phases) or "form"
    note = "; by a prior" if term.prior else ""
    return f"{term.detector:{_NAME}}{look.paint(f' {when}{note}', 'dim')}"
