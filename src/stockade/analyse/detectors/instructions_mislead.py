"""Instructs a coding agent to keep something from its user, to hand out secrets, or where nobody sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade import limits
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Duty, Setting
from stockade.model.evidence import Evidence

#: Letters that no screen shows and every model reads (Unicode's tag characters), and runs of empty ones.
_UNSEEN = re.compile("[\U000e0020-\U000e007e]{4,}|[\u200b\u200c\u2060-\u2064]{16,}")
_COMMENT = re.compile(r"<!--(.{20,4000}?)-->", re.DOTALL)
_ORDERS = re.compile(
    r"\b(?:you must|always|never|silently|secretly)\b.{0,200}\b(?:run|execute|fetch|curl|send|upload|download)\b",
    re.DOTALL,
)


@detector("instructions-mislead", on=Setting)
def instructions_mislead(setting: Setting) -> Iterator[Evidence]:
    """Instructs a coding agent to keep something from its user, to hand out secrets, or where nobody sees it.

    What: an instruction file with an order not to tell the user or to forget other instructions, to read credentials
    and pass them on, orders in a comment that a rendered page leaves out, or text in characters that are not shown.
    Why: an agent acts with its user's rights, and reads what its user does not.
    Benign twins: rules of a project for those who work on it; documents about such attacks.
    Blind spots: orders in other words or languages; files that an agent reads by other names.
    """
    if setting.duty is not Duty.INSTRUCTS:
        return
    part = mark(setting.text, Mark.PRIVATE_ORDERS, Mark.ORDERS)
    where = "instructs an agent against its user"
    if not part and (unseen := _UNSEEN.search(setting.text)):
        part, where = unseen[0], "instructs an agent in characters that nobody sees"
    for comment in _COMMENT.finditer(setting.text) if not part else ():
        if orders := _ORDERS.search(comment[1]):
            part, where = orders[0], "instructs an agent in a comment that a rendered page leaves out"
            break
    if part:
        excerpt = part[: limits.MAX_EXCERPT]
        yield Evidence(detector="instructions-mislead", message=where, where=setting.where, excerpt=excerpt)
