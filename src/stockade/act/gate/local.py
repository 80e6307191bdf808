"""Folders that serve as an index (``file:``, find-links), behind the gate like every other index.

An installer would take files from a folder without asking anybody. So it is given an address of the gate's instead,
under a name that no resolver of names knows (RFC 6761: ``.invalid``), and the gate serves the folder there.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from stockade.model.project import ArtifactRef

_ROOT = "https://folders.stockade.invalid"
#: A page without files, which stands in for folders of links: pip takes an empty variable for none.
NOTHING = f"{_ROOT}/nothing/"


def base_of(number: int) -> str:
    """The index by which the folder of that number is known to installers."""
    return f"{_ROOT}/{number}/simple/"


def is_folder(url: str) -> bool:
    """Whether an index is a folder of this machine."""
    return url[:5].lower() == "file:"


def address(ref: ArtifactRef) -> str:
    """Where an installer gets a file: as the index says, or by the gate where that is this machine itself."""
    if not is_folder(ref.url):
        return ref.url
    return f"{_ROOT}/files/{ref.sha256 or quote(ref.url, safe='')}/{quote(ref.filename)}"


def pip_variables(urls: Iterable[str]) -> dict[str, str]:
    """What pip is to be told where one of its indexes, `urls` in order, is a folder; {} where none is."""
    found = list(urls)
    if not any(is_folder(one) for one in found):
        return {}
    seen = [base_of(number) if is_folder(one) else one for number, one in enumerate(found)]
    return {"PIP_INDEX_URL": seen[0], "PIP_EXTRA_INDEX_URL": " ".join(seen[1:]), "PIP_FIND_LINKS": NOTHING}
