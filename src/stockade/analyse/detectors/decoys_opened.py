"""Opened secrets of several programs, or those that no other program has a reason to read, unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.observed.facts import Opened
from stockade.model.evidence import Evidence, Location, Phase

#: What belongs to one program, or to a person, alone.
_PRIVATE = re.compile(
    r"~/(\.config/google-chrome/|\.mozilla/|\.ethereum/|\.electrum/|\.bitcoin/|\.config/(Exodus|solana)/|Documents/"
    r"|\.bash_history|\.git-credentials|\.ssh/id_)"
)
_SEVERAL = 3
_TOLD = 4


@detector("decoys-opened", on=Opened)
def decoys_opened(opened: Opened) -> Iterator[Evidence]:
    """Opened secrets of several programs, or those that no other program has a reason to read, unasked.

    What: while it was built, installed or imported, or when an interpreter started, it opened files with decoys of
    three programs or more, or a browser's, a wallet's, a private ssh key, the shell's history.
    Why: collecting comes before sending, and what is collected may leave in a way that was not seen.
    Benign twins: pip and requests read ~/.netrc, clients of clouds their own file, dotenv a project's .env; tools that
    are called to read a browser's cookies.
    Blind spots: what is opened only when somebody calls it; memory and other processes.
    """
    if opened.phase in {Phase.CALL, Phase.ENTRY}:
        return
    private = [one for one in opened.files if _PRIVATE.match(one)]
    if not private and len({_program(one) for one in opened.files}) < _SEVERAL:
        return
    shown = [*private, *(one for one in opened.files if one not in private)]
    more = f" and {len(shown) - _TOLD} more" if len(shown) > _TOLD else ""
    yield Evidence(
        detector="decoys-opened",
        message=f"opens what nobody asked it to: {', '.join(shown[:_TOLD])}{more}",
        where=Location(file=""),
        phase=opened.phase,
    )


def _program(path: str) -> str:
    """Whose file it is: the folder below the home, or below its settings."""
    parts = path.removeprefix("~/").split("/")
    return "/".join(parts[:2] if parts[0] == ".config" else parts[:1])
