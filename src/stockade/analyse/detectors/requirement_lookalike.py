"""Requires a project whose name may be taken for a much better known one."""

from __future__ import annotations

from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence, Location, Phase
from stockade.model.likeness import RequiredLike


@detector("requirement-lookalike", on=RequiredLike)
def requirement_lookalike(one: RequiredLike) -> Iterator[Evidence]:
    """Requires a project whose name may be taken for a much better known one.

    What: a requirement on a project that is none of the 15,000 best known, and whose name is one slip of the finger or
    of the eye away from one of them.
    Why: a misspelt requirement installs what somebody put there, in every environment that the honest name is in.
    Benign twins: forks and successors, which add a word or a number (``httpx2``); they are silent.
    Blind spots: a name with words around it; targets that few know.
    """
    like = one.like
    slip = ", ".join(like.mechanisms)
    yield Evidence(
        detector="requirement-lookalike",
        message=f"requires {like.name}, which may be taken for {like.target} ({slip})",
        where=Location(file=like.file),
        phase=Phase.INSTALL,
        excerpt=one.requirement[: limits.MAX_EXCERPT],
    )
