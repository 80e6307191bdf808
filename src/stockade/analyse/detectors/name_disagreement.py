"""Claims more than one project name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.unpack.facts import Identity
from stockade.model.evidence import Evidence, Location

#: Metadata deeper in the tree is somebody's test data: ROOT/PKG-INFO, ROOT/src/X.egg-info/PKG-INFO.
_DEPTH = 3


@detector("name-disagreement", on=Identity)
def name_disagreement(identity: Identity) -> Iterator[Evidence]:
    """Claims more than one project name.

    What: the file name and the metadata, or two places of metadata, name different projects; or one
    header gives two names.
    Why: what was looked up is not what is installed.
    Benign twins: other spellings of one name (PEP 503); versions that are spelt differently.
    Blind spots: a false name that is used everywhere.
    """
    claims: dict[str, str] = {}
    if identity.filename[0]:
        claims[_normal(identity.filename[0])] = "the file name"
    for metadata in identity.metadata:
        if metadata.source.count("/") > _DEPTH:
            continue
        for name in metadata.fields.get("name", ()):
            claims.setdefault(_normal(name), metadata.source)
    if len(claims) > 1:
        told = "; ".join(f"{name!r} in {source}" for name, source in sorted(claims.items()))
        where = Location(file=identity.metadata[0].source if identity.metadata else "")
        message = f"claims more than one project name: {told}"
        yield Evidence(detector="name-disagreement", message=message, where=where)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
