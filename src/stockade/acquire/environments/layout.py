"""What lies in a folder that may be an environment: told by its own files, never by asking an interpreter (PEP 405)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from stockade import limits
from stockade.acquire.environments.files import is_folder, names, reason, text
from stockade.model.environment import Environment, EnvironmentKind

Note = Callable[[str], None]

#: ``lib/python3.12``, ``lib/pypy3.10``, and the t of a build without the global lock.
_LIB = re.compile(r"(?:python|pypy)(\d+\.\d+)t?")
_INTERPRETER = re.compile(r"(?:python|pypy|graalpy)(?P<version>\d+(?:\.\d+)?)?t?w?(?:\.exe)?")
_VERSION = re.compile(r"\d+\.\d+[\w.+-]*")
_SITES = ("site-packages", "dist-packages")
#: What tools leave in the environments that they make for a program, wherever those lie.
_MARKS = {"uv-receipt.toml": EnvironmentKind.UV_TOOL, "pipx_metadata.json": EnvironmentKind.PIPX}
#: Any of these says that a folder holds a standard library.
_LIBRARY = ("os.py", "os.pyc")


def environment_in(
    root: str,
    *,
    kind: EnvironmentKind | None = None,
    name: str = "",
    via: str = "",
    note: Note,
    version: str = "",
) -> Environment | None:
    """The environment whose folder `root` is, None where it is none; `kind` is what it is taken for if not by itself.

    A virtual environment (pyvenv.cfg), a conda environment (conda-meta), or the folder of an interpreter, that of
    `version` if there are several. Nothing is raised; what can't be read goes to `note`.
    """
    root = os.path.abspath(root)
    found: Environment | None = None
    if os.path.lexists(os.path.join(root, "pyvenv.cfg")):
        found = _virtual(root, note)
    elif is_folder(os.path.join(root, "conda-meta")):
        # What conda made stays conda's, wherever it was found: its records claim the files.
        found, kind = _conda(root, note), None
    else:
        found = interpreter_in(root, note, version)
    if found is None:
        return None
    marked = next((one for mark, one in _MARKS.items() if os.path.lexists(os.path.join(root, mark))), None)
    if marked is not None and found.kind is EnvironmentKind.VIRTUALENV:
        kind, name = marked, name or os.path.basename(root)
    return replace(found, kind=kind or found.kind, name=name, via=via)


def interpreter_in(root: str, note: Note, version: str = "") -> Environment | None:
    """The interpreter that was installed below `root` as its prefix: of that version, else the newest."""
    found = interpreters_in(root, note)
    return next((one for one in found if one.python == version), found[0] if found else None)


def interpreters_in(root: str, note: Note) -> list[Environment]:
    """Every interpreter with its standard library below ``root/lib``, the newest first."""
    found: dict[str, Environment] = {}
    for library, version in _libraries(root, note):
        if any(os.path.isfile(os.path.join(library, one)) for one in _LIBRARY):
            one = Environment(
                root=root,
                kind=EnvironmentKind.SYSTEM,
                site=_existing([os.path.join(library, one) for one in _SITES]),
                scripts=_existing([os.path.join(root, one) for one in ("bin", "Scripts")]),
                library=library,
                python=version,
            )
            found.setdefault(version, _shared(one) if os.path.basename(root) == "usr" else one)
    return sorted(found.values(), key=lambda one: [int(part) for part in one.python.split(".")], reverse=True)


def _shared(one: Environment) -> Environment:
    """That of a system, with the folders that its makers add: Debian's dist-packages, Fedora's in /usr/local.

    Unless /usr/local has an interpreter of that version: then they are that one's.
    """
    version, local = f"python{one.python}", os.path.join(one.root, "local")
    theirs = [f"{local}/lib/{version}", f"{local}/lib64/{version}"]
    apart = any(os.path.isfile(os.path.join(place, name)) for place in theirs for name in _LIBRARY)
    added = [] if apart else [f"{place}/{site}" for place in theirs for site in _SITES]
    own = [f"{one.root}/lib/python3/dist-packages", f"{one.root}/lib64/{version}/site-packages"]
    scripts = [*([] if apart else [f"{local}/bin"]), *one.scripts]
    return replace(one, site=_existing([*added, *one.site, *own]), scripts=_existing(scripts))


def of_interpreter(program: str, *, via: str, note: Note) -> Environment | None:
    """The environment that the interpreter at `program` runs in, None where that is not a Python's name or place.

    Links are followed one by one, since the environment's own link comes before that of the interpreter it leads to.
    """
    match = (
        _INTERPRETER.fullmatch(os.path.basename(os.path.realpath(program))) if "\0" not in program else None
    )
    version = match["version"] or "" if match else ""
    for place in _steps(program):
        if not _INTERPRETER.fullmatch(os.path.basename(place)):
            continue
        folder = os.path.dirname(place)
        for root in (os.path.dirname(folder), folder):
            if found := environment_in(root, via=via, note=note, version=version):
                return found
    return None


def folder_of_packages(folder: str, *, via: str, note: Note) -> Environment | None:
    """`folder` as a place that packages were put into (``pip install --target``), None where it holds none.

    A ``site-packages`` without the rest of its environment is one, too: half deleted, or brought by a program.
    """
    folder = os.path.abspath(folder)
    try:
        held = names(folder)
    except OSError as why:
        note(f"{folder} cannot be read: {reason(why)}.")
        return None
    packages = any(one.name.endswith((".dist-info", ".egg-info")) for one in held)
    if not packages and os.path.basename(folder) not in _SITES:
        return None
    scripts = [os.path.join(folder, "bin")]
    root, version = folder, ""
    if os.path.basename(folder) in _SITES:
        library = os.path.dirname(folder)
        match = _LIB.fullmatch(os.path.basename(library))
        if match and os.path.basename(os.path.dirname(library)) in ("lib", "lib64"):
            root, version = os.path.dirname(os.path.dirname(library)), match[1]
            scripts = [os.path.join(root, "bin")]
    elif os.path.basename(folder) == "lib" and "__pypackages__" in folder:  # PEP 582: __pypackages__/3.12/lib
        root = os.path.dirname(folder)
        scripts, version = [os.path.join(root, "bin")], os.path.basename(root)
    return Environment(
        root=root,
        kind=EnvironmentKind.FOLDER,
        site=(folder,),
        scripts=_existing(scripts),
        python=version if _VERSION.fullmatch(version) else "",
        via=via,
    )


def settings(root: str, note: Note) -> dict[str, str]:
    """What pyvenv.cfg says, by lower-case key; nothing where it can't be read."""
    path = os.path.join(root, "pyvenv.cfg")
    try:
        lines = (text(path, limits.MAX_PYVENV) or "").splitlines()
    except OSError as why:
        note(f"{path} cannot be read: {reason(why)}.")
        return {}
    pairs = (line.partition("=") for line in lines)
    return {key.strip().lower(): value.strip() for key, sign, value in pairs if sign}


def _virtual(root: str, note: Note) -> Environment:
    said = settings(root, note)
    libraries = _libraries(root, note)
    site = [os.path.join(library, "site-packages") for library, _ in libraries]
    site += [os.path.join(root, "Lib", "site-packages"), os.path.join(root, "site-packages")]
    version = said.get("version") or said.get("version_info", "")
    existing = _existing(site)
    if not existing:
        note(f"{root} has a pyvenv.cfg and no site-packages: it is half deleted, or was never finished.")
    home = said.get("home", "")
    base = os.path.dirname(home) if os.path.basename(home) in ("bin", "Scripts") else home
    return Environment(
        root=root,
        kind=EnvironmentKind.VIRTUALENV,
        site=existing,
        scripts=_existing([os.path.join(root, "bin"), os.path.join(root, "Scripts")]),
        python=version if _VERSION.fullmatch(version) else next((one for _, one in libraries), ""),
        beneath=said.get("include-system-site-packages", "").lower() == "true",
        base=base if os.path.isabs(base) and "\0" not in base else "",
    )


def _conda(root: str, note: Note) -> Environment:
    libraries = _libraries(root, note)
    site = [os.path.join(library, "site-packages") for library, _ in libraries]
    version = ""
    try:
        records = names(os.path.join(root, "conda-meta"))
    except OSError as why:
        note(f"{os.path.join(root, 'conda-meta')} cannot be read: {reason(why)}.")
        records = []
    for one in records:
        parts = one.name.split("-")
        if parts[0] == "python" and len(parts) == 3 and _VERSION.fullmatch(parts[1]):
            version = parts[1]
    return Environment(
        root=root,
        kind=EnvironmentKind.CONDA,
        site=_existing([*site, os.path.join(root, "Lib", "site-packages")]),
        scripts=_existing([os.path.join(root, one) for one in ("bin", "Scripts")]),
        library=next((library for library, one in libraries if version.startswith(one)), ""),
        python=version or next((one for _, one in libraries), ""),
    )


def _libraries(root: str, note: Note) -> list[tuple[str, str]]:
    """The folders ``lib/pythonX.Y`` below `root` with their versions, each real folder once."""
    found, known = [], set()
    for lib in ("lib", "lib64"):
        folder = os.path.join(root, lib)
        try:
            held = names(folder)
        except OSError as why:
            note(f"{folder} cannot be read: {reason(why)}.")
            continue
        for entry in held:
            match = _LIB.fullmatch(entry.name)
            if match and is_folder(entry.path):
                # lib64 is a link to lib in most, and a folder of its own in a few.
                real = os.path.realpath(entry.path)
                if real not in known:
                    known.add(real)
                    found.append((entry.path, match[1]))
    return found


def _existing(folders: list[str]) -> tuple[str, ...]:
    """Those that are there, each real folder once."""
    by_real = {os.path.realpath(one): one for one in reversed(folders) if is_folder(one)}
    return tuple(one for one in folders if by_real.get(os.path.realpath(one)) == one)


def _steps(path: str) -> Iterator[str]:
    """`path`, and where its links lead, one after the other."""
    if "\0" in path:
        return
    for _ in range(limits.MAX_LINKS):
        path = os.path.abspath(path)
        yield path
        try:
            path = os.path.join(os.path.dirname(path), os.readlink(path))
        except OSError:
            return
