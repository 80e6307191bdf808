"""Matches a YARA rule that its user has added."""

from __future__ import annotations

from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import RuleHit
from stockade.model.evidence import Evidence


@detector("user-rule", on=RuleHit)
def user_rule(hit: RuleHit) -> Iterator[Evidence]:
    """Matches a YARA rule that its user has added.

    What: a rule from the folders that the policy names matched a member.
    Why: organisations know indicators that are nobody else's business.
    Benign twins: as many as the rule lets in; its author decides.
    Blind spots: members that were not looked at, which are gaps.
    """
    message = f"matches the rule {hit.rule}" + (f": {hit.meta}" if hit.meta else "")
    excerpt = hit.excerpt[: limits.MAX_EXCERPT]
    yield Evidence(detector="user-rule", message=message, where=hit.where, excerpt=excerpt)
