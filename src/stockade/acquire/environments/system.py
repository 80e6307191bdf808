"""The interpreters of the system, with the folders that its own and others' packages lie in, and what users add."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace

from stockade.acquire.environments.files import is_folder, names, reason
from stockade.acquire.environments.layout import Note, environment_in, interpreters_in
from stockade.acquire.environments.places import Home
from stockade.model.environment import Environment, EnvironmentKind

_LIB = re.compile(r"python(\d+\.\d+)t?")
#: Prefixes of interpreters that a person, or an image, installs for everybody; those of conda are told as such.
_OPTIONAL = (
    "opt/conda",
    "opt/miniconda3",
    "opt/anaconda3",
    "opt/miniforge3",
    "opt/mambaforge",
    "opt/homebrew",
)


def system_interpreters(root: str, note: Note) -> Iterator[Environment]:
    """Those below /usr and /usr/local, in /opt, and the frameworks of macOS, of the machine at `root`."""
    for prefix, via in (("usr", "the system's"), ("usr/local", "installed for everybody")):
        for one in interpreters_in(os.path.join(root, prefix), note):
            yield replace(one, via=via)
    for place in _optional(root, note):
        for folder in (place, *_inner(os.path.join(place, "envs"), note)):
            if found := environment_in(folder, via="installed for everybody", note=note):
                yield found
    frameworks = os.path.join(root, "Library/Frameworks/Python.framework/Versions")
    for place in _inner(frameworks, note):
        if found := environment_in(place, via="a framework of macOS", note=note):
            yield found
    # pipx keeps what is installed for everybody there.
    for place in _inner(os.path.join(root, "opt/pipx/venvs"), note):
        found = environment_in(
            place, kind=EnvironmentKind.PIPX, name=os.path.basename(place), via="pipx", note=note
        )
        if found:
            yield found


def user_sites(home: Home, note: Note) -> Iterator[Environment]:
    """What ``pip install --user`` fills (PEP 370), one environment a version of Python."""
    bases = [str(one) for one in home.named("PYTHONUSERBASE")] or [str(home.folder / ".local")]
    if home.platform == "darwin":
        bases += _inner(str(home.folder / "Library/Python"), note)
    for base in bases:
        for library in _inner(os.path.join(base, "lib"), note):
            match = _LIB.fullmatch(os.path.basename(library))
            site = os.path.join(library, "site-packages")
            if match and is_folder(site):
                yield Environment(
                    root=base,
                    kind=EnvironmentKind.USER_SITE,
                    site=(site,),
                    scripts=(os.path.join(base, "bin"),),
                    python=match[1],
                    via="packages of one user",
                )


def _optional(root: str, note: Note) -> list[str]:
    found = [os.path.join(root, one) for one in _OPTIONAL]
    # Such as /opt/python/3.12.1 in images, and /opt/python3.12.
    opt = os.path.join(root, "opt")
    found += [one for one in _inner(opt, note) if os.path.basename(one).startswith("python")]
    found += _inner(os.path.join(opt, "python"), note)
    return list(dict.fromkeys(found))


def _inner(folder: str, note: Note) -> list[str]:
    try:
        return [one.path for one in names(folder) if one.is_dir()]
    except OSError as why:
        note(f"{folder} cannot be read: {reason(why)}.")
        return []
