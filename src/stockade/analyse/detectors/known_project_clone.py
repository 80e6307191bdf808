"""Is a copy of a known project under another name."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.model.clone import Clone
from stockade.model.evidence import Evidence, Location


@detector("known-project-clone", on=Clone)
def known_project_clone(clone: Clone) -> Iterator[Evidence]:
    """Is a copy of a known project under another name.

    What: at least half of the artifact's function code, by size, stands word for word (formatting, comments and
    docstrings apart) in releases of one known project, and the artifact does not bear its name or a variant's.
    Why: a trojaned copy of an SDK works as the real one does, and its few changed lines take the caller's keys; nobody
    finds those by reading 160 files.
    Benign twins: releases of the project itself; variants by the usual naming (``-headless``, ``-binary``, ``types-``);
    copies in a folder for other people's code (``_vendor``). An honest fork under a new name is evidence too: it weighs
    little by itself.
    Blind spots: projects that the reference doesn't know; copies of less than half; code that was rewritten, its names
    changed throughout.
    """
    if clone.family:
        return
    releases = f" ({', '.join(clone.versions[:4])})" if clone.versions else ""
    message = f"is {int(clone.share * 100)} % {clone.project}{releases} under another name; {_others(clone)}"
    yield Evidence(detector="known-project-clone", message=message, where=Location(file=clone.where))


def _others(clone: Clone) -> str:
    other = clone.functions - clone.known
    if not other:
        return f"each of its {clone.functions} functions is in a known release of that"
    return f"{other} of its {clone.functions} functions {'are' if other > 1 else 'is'} its own"
