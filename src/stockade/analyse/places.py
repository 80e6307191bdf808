"""An opened artifact's own word on where its files would lie and when they run."""

from __future__ import annotations

from stockade.analyse.code.layout import Layout, layout
from stockade.analyse.opaque import imported_as
from stockade.analyse.startup_code import startup_modules
from stockade.analyse.unpack.opening import Opened
from stockade.model.artifact import Kind


def layout_of(opened: Opened, kind: Kind) -> Layout:
    """Where the files of an artifact would lie and when they run, as its own metadata says."""
    identity = opened.identity
    return layout(
        kind,
        [imported_as(member.path) for member in opened.tree.members if not member.nested],
        root=opened.root,
        startup=startup_modules(opened, kind),
        backend=identity.build_backend,
        backend_paths=identity.backend_path,
        entry_points=identity.entry_points,
    )


def own_modules(opened: Opened, places: Layout) -> tuple[frozenset[str], int]:
    """The modules that an artifact installs as Python source, by their dotted names, and the size of that."""
    members = [one for one in opened.tree.members if not one.nested and one.path.endswith((".py", ".pyw"))]
    placed = [(one.size, places.place(one.path)) for one in members]
    names = frozenset(place.name for _, place in placed if place.installed and place.name)
    return names, sum(size for size, place in placed if place.installed)


def is_python(path: str, data: bytes) -> bool:
    """Whether a member is Python source, by its suffix or its ``#!`` line."""
    if path.endswith((".py", ".pyw")):
        return True
    return data.startswith(b"#!") and b"python" in data[:80].partition(b"\n")[0]
