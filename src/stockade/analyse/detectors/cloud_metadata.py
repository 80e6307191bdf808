"""Names the metadata endpoint of a cloud."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.facts import Literal
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import named, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("cloud-metadata", on=Literal)
def cloud_metadata(literal: Literal) -> Iterator[Evidence]:
    """Names the metadata endpoint of a cloud.

    What: a string with a link-local metadata address or name.
    Why: it hands out the machine's own cloud credentials to any process that asks.
    Benign twins: cloud SDKs and their test servers, in functions that are called.
    Blind spots: addresses written as numbers or in other notations.
    """
    if part := named(literal, Mark.METADATA):
        yield seen("cloud-metadata", literal, "names a cloud's metadata endpoint", part)
