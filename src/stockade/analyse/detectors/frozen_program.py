"""Brings a Python program that is frozen into an executable."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.natives import NativeFile
from stockade.model.evidence import Evidence


@detector("frozen-program", on=NativeFile)
def frozen_program(native: NativeFile) -> Iterator[Evidence]:
    """Brings a Python program that is frozen into an executable.

    What: an executable with the archive that PyInstaller appends, or made by Nuitka's one-file mode, py2exe or
    PyOxidizer.
    Why: a Python package can bring its Python as it is; frozen, nobody reads it.
    Benign twins: the empty loaders that PyInstaller itself ships; compilers and other programs not made of Python.
    Blind spots: freezers that are not known here.
    """
    if native.frozen:
        message = f"brings a Python program that {native.frozen} froze into an executable"
        yield Evidence(detector="frozen-program", message=message, where=native.where)
