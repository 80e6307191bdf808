"""Requires a project whose name is a misspelling of what its other requirements share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.identity.names.distance import distance
from stockade.analyse.unpack.facts import Asked, Identity
from stockade.model.evidence import Evidence, Location, Phase

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
#: Letters of a word that nobody hits by accident, and how many requirements make it a family's name.
_LONG, _FAMILY = 7, 2


@detector("requirement-misspelt", on=Identity)
def requirement_misspelt(identity: Identity) -> Iterator[Evidence]:
    """Requires a project whose name is a misspelling of what its other requirements share.

    What: two or more requirements begin with one word, and another begins with the same letters in another order, or
    with one of them wrong, doubled or left out.
    Why: a copy of a well-known family of packages with one sibling swapped for a lookalike, where the payload is.
    Benign twins: families whose members differ by their ends (plurals, numbers) or in a short word.
    Blind spots: a swapped requirement that has no sibling; a name with words in another order.
    """
    asked: dict[str, Asked] = {}
    for one in identity.asked:
        found = _NAME.match(one.text) if not one.link else None
        if found:
            asked.setdefault(canonicalize_name(found[0]), one)
    words = Counter(name.partition("-")[0] for name in asked)
    words[identity.filename[0].partition("-")[0]] += 1
    families = [word for word, count in words.items() if count >= _FAMILY and len(word) >= _LONG]
    for name, one in asked.items():
        word = name.partition("-")[0]
        for family in families:
            if words[word] == 1 and _slip(word, family):
                yield Evidence(
                    detector="requirement-misspelt",
                    message=f"requires a project whose name misspells {family}, which others of its requirements share",
                    where=Location(file=one.source),
                    phase=Phase.INSTALL,
                    excerpt=one.text[: limits.MAX_EXCERPT],
                )
                return


def _slip(word: str, family: str) -> bool:
    if word.startswith(family) or family.startswith(word) or any(map(str.isdigit, set(word) ^ set(family))):
        return False
    return sorted(word) == sorted(family) or distance(word, family, 1) == 1
