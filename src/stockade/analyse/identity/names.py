"""Which well-known name did a person mean? Edit distance over the most downloaded projects.

Only used to help with a name that does not exist. Accusing a name of imitation takes more than nearness
(asymmetry, owners, brand tokens) and is not done here.
"""

from __future__ import annotations

from collections.abc import Mapping

from stockade.model.project import ProjectName

#: Edits that a slip of the finger explains, by the length of the name.
_SHORT, _EDITS_SHORT, _EDITS = 5, 1, 2


def distance(one: str, other: str, limit: int) -> int:
    """Optimal string alignment distance (Damerau 1964), or ``limit + 1`` where it is more than `limit`."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)


def closest(name: ProjectName, known: Mapping[ProjectName, int]) -> ProjectName | None:
    """The project of `known` (name -> monthly downloads) that `name` is most likely a slip for, or None.

    The fewest edits win, then the most downloads; more than two edits (one in names of up to five
    letters) is nobody's slip. Takes some 50 ms for 15,000 names.
    """
    limit = _EDITS_SHORT if len(name) <= _SHORT else _EDITS
    best: tuple[int, int, ProjectName] | None = None
    for target, downloads in known.items():
        edits = distance(name, target, limit)
        if edits <= limit and target != name and (best is None or (edits, -downloads) < best[:2]):
            best = (edits, -downloads, target)
    return best[2] if best else None
