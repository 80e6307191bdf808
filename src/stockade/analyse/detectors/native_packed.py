"""Brings native code that is packed."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.files.natives import NativeFile
from stockade.model.evidence import Evidence


@detector("native-packed", on=NativeFile)
def native_packed(native: NativeFile) -> Iterator[Evidence]:
    """Brings native code that is packed.

    What: an ELF or PE file with the sections of a packer (UPX, VMProtect, Themida, ASPack…), or whose code has more
    than 7.4 bits of entropy a byte.
    Why: a packed file cannot be read by whoever looks, and packing saves nothing inside a compressed archive.
    Benign twins: extension modules and shared libraries, whose code has at most 7.1 bits a byte.
    Blind spots: packers that pad their output; data that is encrypted beside plain code.
    """
    if native.packer:
        message = f"brings native code that is packed ({native.packer})"
        yield Evidence(detector="native-packed", message=message, where=native.where)
