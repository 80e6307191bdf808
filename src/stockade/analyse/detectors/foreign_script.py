"""Installs a script of another interpreter."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.facts import FileFact
from stockade.model.evidence import Evidence, Location

_SCRIPTS = (
    ".bat",
    ".cmd",
    ".ps1",
    ".vbs",
    ".vbe",
    ".hta",
    ".wsf",
    ".lnk",
    ".scr",
    ".jar",
    ".reg",
    ".scpt",
    ".pyw",
)
#: Where environments keep their own activation scripts.
_ACTIVATORS = ("activate.ps1", "activate.bat", "deactivate.bat", "make.bat")


@detector("foreign-script", on=FileFact)
def foreign_script(file: FileFact) -> Iterator[Evidence]:
    """Installs a script of another interpreter.

    What: a batch, PowerShell, VBScript or Java file, a link or a registry file among what is installed.
    Why: the package's Python then only has to start it.
    Benign twins: activation scripts of environments; `make.bat` of documentation, which is not installed.
    Blind spots: shell scripts and JavaScript, which many packages carry for good reasons.
    """
    name = file.path.rpartition("/")[2].lower()
    if file.installed and name.endswith(_SCRIPTS) and name not in _ACTIVATORS:
        message = f"installs a script of another interpreter ({name[-24:]})"
        yield Evidence(detector="foreign-script", message=message, where=Location(file=file.path))
