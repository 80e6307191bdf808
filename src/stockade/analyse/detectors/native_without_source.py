"""Is an sdist with an extension module and no source for it."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.natives import NativeFile
from stockade.model.evidence import Evidence


@detector("native-without-source", on=NativeFile)
def native_without_source(native: NativeFile) -> Iterator[Evidence]:
    """Is an sdist with an extension module and no source for it.

    What: an installed ELF, PE or Mach-O file that import takes as a module, in an sdist without a single source file
    of C, C++, Cython, Rust, Go or Fortran.
    Why: an sdist is there to be built; one that brings only the result hides what it was built from.
    Benign twins: wheels, which are results; sdists that carry a build of their own sources by accident.
    Blind spots: an unrelated source file among others.
    """
    if native.sourceless:
        message = f"has the extension module {native.module[:60]} without its source"
        yield Evidence(detector="native-without-source", message=message, where=native.where)
