"""What a string names; see analyse/marks, which all that read text share."""

from __future__ import annotations

from stockade.analyse.marks.finding import MAX_SCANNED, mark, marks
from stockade.analyse.marks.kinds import Mark

__all__ = ["MAX_SCANNED", "Mark", "mark", "marks"]
