"""Writes to a user's folders or the system's while it is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.code.facts import Call
from stockade.analyse.code.observe import flat, installs, seen
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

_MAKES = frozenset(
    {"os.mkdir", "os.makedirs", "pathlib.Path.mkdir", "shutil.copy", "shutil.copyfile", "shutil.move"}
)
_OPENS = frozenset({"open", "io.open", "codecs.open"})
_MODE = re.compile(r"""['"][waxb+t]{1,3}['"]""")
_PLACE = re.compile(
    r"^[A-Za-z]:[\\/]|^~|^/(?:root|home|etc|tmp|var|Users|dev/shm)\b|desktop|appdata", re.IGNORECASE
)
_ASKED = frozenset({"os.getlogin", "getpass.getuser", "os.path.expanduser", "pathlib.Path.home"})


@detector("home-written-at-install", on=Call, when=installs)
def home_written_at_install(call: Call) -> Iterator[Evidence]:
    """Writes to a user's folders or the system's while it is installed.

    What: at install, a file opened for writing, a folder made or a file copied under the home, the desktop,
    application data, a temporary folder or another absolute place.
    Why: an installer puts files where it was told to, and nowhere else.
    Benign twins: build scripts write beside themselves or into the build folder.
    Blind spots: paths that are computed in another way.
    """
    if call.target not in _MAKES and not (call.target in _OPENS and _MODE.search(call.excerpt)):
        return
    path = call.arg(1) if call.target.startswith("shutil.") else call.arg(0, "file", "name", "path")
    text = next(flat(path), "")
    if _PLACE.search(text) or path.origins & _ASKED or re.search(r"getlogin|['\"]C:[/\\]", call.excerpt):
        yield seen("home-written-at-install", call, "writes outside of its own folders", text)
