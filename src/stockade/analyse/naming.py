"""What follows from an artifact's name alone, as evidence on it."""

from __future__ import annotations

from stockade.analyse.identity.names import Names
from stockade.analyse.standing import remarked
from stockade.model.assessment import Findings
from stockade.model.likeness import NameLike


def named(names: Names, project: str, filename: str, found: Findings) -> Findings:
    """`found` with what `names` say of the name of its project (as whoever offered it says). The likeliest alone:
    a name is made to be taken for one."""
    about = names.about(project)
    if not about.lookalikes:
        return found
    first = about.lookalikes[0]
    like = NameLike(
        name=about.name,
        target=first.target,
        mechanisms=first.mechanisms,
        score=first.score,
        downloads=first.downloads,
        fewer=names.fewer,
        date=names.date,
        file=filename,
    )
    return remarked(found, [like])
