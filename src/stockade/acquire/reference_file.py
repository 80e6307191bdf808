"""Mapping what is known of projects into memory: references that copies are recognised by, tables of names."""

from __future__ import annotations

import mmap
from importlib import resources
from pathlib import Path

from stockade.errors import NotFound, StoreFailed

_SHIPPED = "data/reference-sdks.bin"
_NAMES = "data/names.bin"


def shipped() -> Path | None:
    """The reference of the best known SDKs that ships with Stockade; None where it was left out."""
    path = Path(str(resources.files("stockade").joinpath(_SHIPPED)))
    return path if path.is_file() else None


def shipped_names() -> Path:
    """The table of well-known names that ships with Stockade."""
    return Path(str(resources.files("stockade").joinpath(_NAMES)))


def mapped(path: Path) -> memoryview:
    """The file's content, read-only, without reading it; processes that are forked share it.

    Raises NotFound and StoreFailed. The file must not be changed in place while it is mapped; `stockade reference
    build` replaces it.
    """
    try:
        with path.open("rb") as file:
            if not path.stat().st_size:
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except FileNotFoundError:
        raise NotFound(f"there is no reference of known projects {path}") from None
    except (OSError, ValueError) as why:
        reason = why.strerror if isinstance(why, OSError) else str(why)
        raise StoreFailed(f"it cannot be mapped into memory: {reason}") from None
