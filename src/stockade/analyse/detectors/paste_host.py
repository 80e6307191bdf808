"""Names a text that lies at a host where anybody can post one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Module
from stockade.analyse.code.marks import Mark
from stockade.analyse.code.observe import hosts, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: What follows the host where one text is meant, and neither the service nor its API.
_TEXT = re.compile(
    r"/(?!api|archive|login|documents|developers|scrap|tools|user|signup|faq|doc)(?:(?:raw|view|paste|p|u)/)*"
    r"(?!raw\b|view\b|paste\b)[\w-]{4,}",
    re.IGNORECASE | re.ASCII,
)


@detector("paste-host", on=Module)
def paste_host(module: Module) -> Iterator[Evidence]:
    """Names a text that lies at a host where anybody can post one.

    What: a string with the address of one text at a public paste service.
    Why: text there can be changed at will and is traced to nobody: a favourite for second stages.
    Benign twins: clients of such a service and tools that upload a report name the service or its API, and the
    text only when they run.
    Blind spots: paste services that are not in the vocabulary; an address whose last part is put in at run time.
    """
    for literal, part in hosts(module, Mark.PASTE):
        if _TEXT.match(literal.text.partition(part)[2]):
            yield seen("paste-host", literal, "names a text at a paste host", part)
