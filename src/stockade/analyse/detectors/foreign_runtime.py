"""Brings along a runtime of another language, or a very large script for one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.facts import FileFact
from stockade.model.evidence import Evidence, Location

_RUNTIME = re.compile(
    r"^(?:node|bun|deno|bunx|qjs|java|javaw|php|ruby|perl|python|pythonw|powershell|pwsh|xmrig)(?:\.exe)?$"
)
_LARGE_SCRIPT = 2 << 20


@detector("foreign-runtime", on=FileFact)
def foreign_runtime(file: FileFact) -> Iterator[Evidence]:
    """Brings along a runtime of another language, or a very large script for one.

    What: an installed member named like a JavaScript, Java, PHP… interpreter, or more than 2 MiB of
    JavaScript in one file outside the folders of web pages.
    Why: a payload in another language escapes whoever looks at Python alone.
    Benign twins: notebooks and dashboards with bundled web pages; wheels whose purpose is the runtime.
    Blind spots: runtimes that are fetched (see download-and-start).
    """
    folder, _, name = file.path.lower().rpartition("/")
    web = re.search(
        r"static|assets|dist|build|frontend|web|html|labextension|nbextension|package_data|bundle|templates|js\b",
        folder,
    )
    large = name.endswith((".js", ".mjs", ".cjs")) and file.size > _LARGE_SCRIPT and not web
    if file.installed and (_RUNTIME.match(name) or large):
        message = f"brings along another language's runtime or bundle ({name[-24:]}, {file.size} bytes)"
        yield Evidence(detector="foreign-runtime", message=message, where=Location(file=file.path))
