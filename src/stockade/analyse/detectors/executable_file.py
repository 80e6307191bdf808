"""Brings along a native program."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.facts import FileFact, Magic
from stockade.model.evidence import Evidence, Location

_NATIVE = frozenset({Magic.ELF, Magic.PE, Magic.MACHO})
_LIBRARY = (".so", ".pyd", ".dll", ".dylib", ".o", ".a", ".lib", ".node", ".sys", ".ko", ".bc")
#: Launchers that installers copy for console scripts.
_LAUNCHERS = re.compile(r"(?:[tw]|cli|gui)[-_]?(?:32|64)?(?:[-_]?arm(?:64)?)?\.exe")


@detector("executable-file", on=FileFact)
def executable_file(file: FileFact) -> Iterator[Evidence]:
    """Brings along a native program.

    What: an installed member that is a PE, ELF or Mach-O file without the ending of a library.
    Why: nobody can read it, and something in the package will start it.
    Benign twins: wheels of compilers, browsers' drivers and linters, which are such programs; launchers of
    installers; extension modules and shared libraries.
    Blind spots: programs in an archive that is opened at run time, or under a library's name.
    """
    name = file.path.rpartition("/")[2].lower()
    library = name.endswith(_LIBRARY) or ".so." in name
    if file.installed and file.magic in _NATIVE and not library and not _LAUNCHERS.fullmatch(name):
        message = f"brings along a native program ({file.magic}, {file.size} bytes)"
        yield Evidence(detector="executable-file", message=message, where=Location(file=file.path))
