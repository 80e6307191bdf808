"""Wrote a file that is run at each login, in each terminal, or at each start of Python."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.observed.facts import Settled
from stockade.model.evidence import Evidence, Location
from stockade.model.record import kept


@detector("login-file-written", on=Settled)
def login_file_written(settled: Settled) -> Iterator[Evidence]:
    """Wrote a file that is run at each login, in each terminal, or at each start of Python.

    What: a start file of a shell, an autostart entry, a unit of the user's systemd, a table of cron, authorized keys,
    or a .pth file that no installer wrote, was opened for writing when the artifact was run.
    Why: what is there stays when the package has gone.
    Benign twins: installers write the .pth files of a wheel; builds write theirs where they build.
    Blind spots: tools that set up a shell's completion when they are called are told all the same.
    """
    yield Evidence(
        detector="login-file-written",
        message=f"writes {kept(settled.path, 120)}, which is run by itself from then on",
        where=Location(file=""),
        phase=settled.phase,
    )
