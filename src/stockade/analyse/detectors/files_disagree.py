"""Does by itself what another file of the same release does not."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.drift import Disagreement
from stockade.model.evidence import Evidence


@detector("files-disagree", on=Disagreement)
def files_disagree(found: Disagreement) -> Iterator[Evidence]:
    """Does by itself what another file of the same release does not.

    What: a wheel or sdist that, on import or when Python starts, contacts the network, starts programs or executes code
    that it makes, while another file of the release does nothing of the sort in that phase, nor calls that function.
    Why: who holds a token adds to one file what is not in the repository, and hopes that another is looked at.
    Benign twins: what is done while an sdist is built; the same code in both; tests and tools beside the packages.
    Blind spots: files that were all tampered with; a new top-level module in one of them; a release with one file.
    """
    message = f"{found.what}, which {found.other} of the same release does not"
    yield Evidence(detector="files-disagree", message=message, where=found.where, phase=found.phase)
