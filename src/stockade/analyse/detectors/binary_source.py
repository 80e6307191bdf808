"""Has a file with the name of source code and other content."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.facts import FileFact, Magic
from stockade.model.evidence import Evidence, Location

_SOURCE = (".py", ".pyw", ".pth", ".cfg", ".toml")


@detector("binary-source", on=FileFact)
def binary_source(file: FileFact) -> Iterator[Evidence]:
    """Has a file with the name of source code and other content.

    What: a member that ends in .py or like a settings file and holds bytes that are no text.
    Why: another module decodes it and runs the result.
    Benign twins: sources in old encodings, which hold no NUL bytes; test data of interpreters.
    Blind spots: payloads that are encoded as text.
    """
    if file.path.lower().endswith(_SOURCE) and file.magic is not Magic.TEXT and b"\0" in file.head:
        message = f"has a file of {file.size} bytes that is named like source and is no text"
        yield Evidence(detector="binary-source", message=message, where=Location(file=file.path))
