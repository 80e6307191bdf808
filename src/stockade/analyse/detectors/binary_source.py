"""Has a file with the name of source code and other content."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.facts import FileFact, Magic
from stockade.model.evidence import Evidence, Location

#: Codes that no text has, and how many of them are no accident.
_CONTROLS = bytes((*range(1, 8), *range(14, 27), *range(28, 32)))
_ENOUGH = 3
_SOURCE = (".py", ".pyw", ".pth", ".cfg", ".toml")


@detector("binary-source", on=FileFact)
def binary_source(file: FileFact) -> Iterator[Evidence]:
    """Has a file with the name of source code and other content.

    What: a member that ends in .py or like a settings file and holds bytes that are no text.
    Why: another module decodes it and runs the result.
    Benign twins: sources in old encodings, which hold neither NUL bytes nor control characters; test data of
    interpreters.
    Blind spots: payloads that are encoded as text.
    """
    named = file.path.lower().endswith(_SOURCE)
    if named and file.magic is not Magic.TEXT and (b"\0" in file.head or _scrambled(file.head)):
        message = f"has a file of {file.size} bytes that is named like source and is no text"
        yield Evidence(detector="binary-source", message=message, where=Location(file=file.path))


def _scrambled(head: bytes) -> bool:
    """Whether bytes hold control characters as no encoding of text has them."""
    return len(head) - len(head.translate(None, _CONTROLS)) >= _ENOUGH
