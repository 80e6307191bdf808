"""Writes to a file that a shell, a session or Python itself runs when it starts."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import writes_to
from stockade.analyse.code.facts import Call
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.code.observe import idle, seen, unasked
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence


@detector("profile-written", on=Call, when=unasked)
def profile_written(call: Call) -> Iterator[Evidence]:
    """Writes to a file that a shell, a session or Python itself runs when it starts.

    What: unasked, a file opened for writing whose path is a shell's profile, a start-up folder, a service or a
    schedule of the system, or authorised keys.
    Why: whatever is put there outlives the process and the package.
    Benign twins: installers of completion and services, in functions that their users call.
    Blind spots: files that a shell command writes (see persistence and shell-profile).
    """
    if idle(call):
        return
    for path in writes_to(call):
        if part := mark(path, Mark.PROFILE, Mark.PERSIST) or _startup(path):
            yield seen("profile-written", call, "writes to a file that others run when they start", part)
            return


def _startup(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2]
    return name if name in {"sitecustomize.py", "usercustomize.py"} else ""
