"""Installs into a package that belongs to a known project."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.analyse.detector import detector
from stockade.analyse.identity.clones import Foreign
from stockade.model.evidence import Evidence, Location


@detector("foreign-top-level", on=Foreign)
def foreign_top_level(foreign: Foreign) -> Iterator[Evidence]:
    """Installs into a package that belongs to a known project.

    What: a package or module that the artifact puts at the top of site-packages (or into a shared namespace such as
    ``google/cloud/``) is one that a known project installs there, and that project is another.
    Why: whoever imports the SDK that they know then gets this code, whichever was installed last.
    Benign twins: namespaces of many owners (``google``, ``azure``); the project whose name the package bears; variants
    by the usual naming (``-headless``, ``-binary``); other people's code below a package of one's own.
    Blind spots: packages of projects that the reference doesn't know; names that several known projects use; what is
    copied there only when the code runs.
    """
    message = f"installs {foreign.path}, in a package of {foreign.owner}"
    yield Evidence(detector="foreign-top-level", message=message, where=Location(file=foreign.file))
