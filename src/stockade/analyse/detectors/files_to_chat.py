"""Sends files to a chat channel, recorder, tunnel, drop or bare address."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.code.chains import OUTLETS, marked
from stockade.analyse.code.facts import Call, Module
from stockade.analyse.code.observe import networks, seen
from stockade.analyse.code.vocabulary import READ, touching
from stockade.analyse.detector import detector
from stockade.model.evidence import Evidence

#: Ways to find files that nobody has named.
_WALKS = frozenset(
    {
        "glob.glob",
        "glob.iglob",
        "os.listdir",
        "os.path.expanduser",
        "os.scandir",
        "os.walk",
        "pathlib.Path.glob",
        "pathlib.Path.home",
        "pathlib.Path.iterdir",
        "pathlib.Path.rglob",
        "shutil.make_archive",
        "PIL.ImageGrab.grab",
        "pyautogui.screenshot",
    }
)


@detector("files-to-chat", on=Module)
def files_to_chat(module: Module) -> Iterator[Evidence]:
    """Sends files to a chat channel, recorder, tunnel, drop or bare address.

    What: a network call with a file (``files=``, or what was read from one), in a module that walks folders,
    takes screenshots or packs files, and that names such an address.
    Why: files that nobody named go where nobody looks after them.
    Benign twins: libraries for chat services upload the file that their caller names.
    Blind spots: a domain of the author's own; a walk in another module.
    """
    call = next((one for one in module.calls if networks(one) and _carries(one)), None)
    if call is None or not any(one.target in _WALKS for one in module.calls):
        return
    outlet = marked(module, *OUTLETS)
    if outlet is not None:
        yield seen("files-to-chat", call, "sends files that it looks for itself", outlet.excerpt)


def _carries(call: Call) -> bool:
    return "files" in call.keywords or bool(touching(call.origins, READ))
