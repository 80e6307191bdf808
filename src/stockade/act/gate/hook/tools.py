"""The installers' own command lines: what each would install."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from stockade.acquire.sources import projects
from stockade.act.gate.hook import options
from stockade.act.gate.hook.found import Doubt, Found, Place, install
from stockade.act.gate.hook.options import Given, given
from stockade.act.gate.hook.shell import Word

_HELP = frozenset({"-h", "--help", "-V", "--version"})
#: Options of uv's by which a lock is made anew before it is installed from.
_UPGRADES = ("-U", "-P", "--upgrade")
_VERSION = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?)@(?P<version>[^/:]+)")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
_BUILT = Doubt("builds a project here whose dependencies only its build tells")

Tool = Callable[[list[Word], Place], list[Found]]


def pip(words: list[Word], place: Place) -> list[Found]:
    """``pip install`` and what else fetches."""
    line = given(words, options.PIP, stop=1)
    if (
        not line.words
        or line.flags & _HELP
        or line.words[0].text not in {"install", "download", "wheel", "lock"}
    ):
        return []
    return _pip(given(_rest(line), options.PIP), place, "pip")


def _rest(line: Given) -> list[Word]:
    """What stands behind a subcommand, with the options before it that say whence (as words of their own)."""
    kept = []
    for option, role in (
        ("--index-url", options.INDEX),
        ("--extra-index-url", options.EXTRA),
        ("--find-links", options.LINKS),
        ("--trusted-host", options.TRUSTED),
        ("--proxy", options.PROXY),
    ):
        kept += [Word(f"{option}={one.text}", one.dynamic) for one in line.all(role)]
    return [*kept, *line.rest]


def _pip(line: Given, place: Place, installer: str) -> list[Found]:
    if line.flags & _HELP:
        return []
    named = [one.text for one in line.words]
    editable = [one.text for one in line.all(options.EDITABLE)]
    groups = [one.text for one in line.all(options.GROUP)]
    if any(":" in one for one in groups):
        return [Doubt("installs a group of dependencies of another project")]
    asked, doubts = _folders([*named, *editable], place)
    if groups and place.cwd is not None:
        asked += [text for name in groups for text in projects.group(place.cwd, name)]
    return [*doubts, *install(place, line, asked, installer=installer)]


def _folders(texts: Sequence[str], place: Place) -> tuple[list[str], list[Found]]:
    """`texts` with what projects in folders bring in place of these, and the doubts about those."""
    doubts: list[Found] = []
    cwd = place.cwd or Path("/nowhere")
    found = {text: (path, extras) for text, path, extras in projects.folders(texts, cwd)}
    asked = []
    for text in texts:
        if text not in found:
            asked.append(text)
            continue
        brought = projects.local(*found[text])
        if brought is None:
            doubts.append(_BUILT)
        else:
            asked += brought
    return asked, doubts


def uv(words: list[Word], place: Place) -> list[Found]:
    """``uv pip install``, ``uv add``, ``uv sync``, ``uv run``, ``uv tool`` and the others that fetch."""
    line = given(words, options.UV, stop=1)
    if not line.words or line.flags & _HELP:
        return []
    place = place.within(line.all(options.FOLDER))
    rest = _rest(line)
    match line.words[0].text:
        case "pip":
            return _uv_pip(rest, place)
        case "add":
            found = given(rest, options.UV)
            return install(
                _moved(place, found), found, [_at(one.text) for one in found.words], installer="uv"
            )
        case "sync" | "lock" as what:
            found = given(rest, options.UV)
            anew = what == "lock" or any(one.text.startswith(_UPGRADES) for one in rest)
            return _of_lock(_moved(place, found), found, "" if anew else "uv.lock")
        case "run":
            return _uv_run(rest, place)
        case "tool":
            inner = given(rest, options.UV, stop=1)
            verb = inner.words[0].text if inner.words else ""
            if verb == "upgrade" and "--all" in inner.flags | {one.text for one in inner.rest}:
                return [Doubt("installs everything anew that uv has installed as a tool")]
            if verb in {"install", "upgrade"}:
                return _program(given(_rest(inner), options.UV), place)
            return uvx(_rest(inner), place) if verb == "run" else []
        case "build":
            found = given(rest, options.UV)
            return install(place, found, _builders(found.words, place), installer="uv")
    return []


def _moved(place: Place, line: Given) -> Place:
    return place.within(line.all(options.FOLDER))


def _uv_pip(words: list[Word], place: Place) -> list[Found]:
    line = given(words, options.UV_PIP, stop=1)
    verb = line.words[0].text if line.words else ""
    found = given(_rest(line), options.UV_PIP)
    place = _moved(place, found)
    if verb == "install":
        return _pip(found, place, "uv")
    if verb in {"sync", "compile"} and not found.flags & _HELP:
        return install(place, found, (), files=[one.text for one in found.words], installer="uv")
    return []


def _uv_run(words: list[Word], place: Place) -> list[Found]:
    line = given(words, options.UV_RUN, stop=1)
    place = _moved(place, line)
    asked = [part for one in line.all(options.REQUIREMENT) for part in one.text.split(",")]
    target = line.words[0].text if line.words else ""
    if place.cwd is not None and target.endswith(".py"):
        asked += projects.script(place.cwd / target)
    asked, doubts = _folders([*asked, *(one.text for one in line.all(options.EDITABLE))], place)
    found = [*doubts, *install(place, line, asked, installer="uv")]
    if place.cwd is not None and not line.flags & {"--no-project", "--no-sync", "--isolated"}:
        lock = projects.upwards(place.cwd, "uv.lock")
        if lock is not None and not projects.installed_since(lock):
            found += _of_lock(place, Given(), "uv.lock")
    return found


def uvx(words: list[Word], place: Place) -> list[Found]:
    """``uvx`` and ``uv tool run``: a program of a distribution, fetched to be run."""
    return _program(given(words, options.UV, stop=1), place)


def _program(line: Given, place: Place) -> list[Found]:
    if line.flags & _HELP and not line.words:
        return []
    named = line.all(options.FROM) or line.words
    asked = [_at(one.text) for one in named]
    asked += [part for one in line.all(options.REQUIREMENT) for part in one.text.split(",")]
    asked, doubts = _folders([*asked, *(one.text for one in line.all(options.EDITABLE))], place)
    return [*doubts, *install(place, line, asked, installer="uv")]


def pipx(words: list[Word], place: Place) -> list[Found]:
    """``pipx install``, ``run``, ``inject``, ``upgrade``."""
    line = given(words, options.PIPX, stop=1)
    verb = line.words[0].text if line.words else ""
    if verb in {"install-all", "upgrade-all", "reinstall-all", "reinstall"}:
        return [Doubt("installs everything anew that pipx has installed")]
    if verb not in {"install", "run", "inject", "upgrade"}:
        return []
    found = given(_rest(line), options.PIPX, stop=1 if verb == "run" else None)
    if found.flags & _HELP and not found.words:
        return []
    named = [one.text for one in found.all(options.FROM) or found.words]
    if verb == "run" and place.cwd is not None and named and named[0].endswith(".py"):
        named = projects.script(place.cwd / named[0])
    named = named[1:] if verb == "inject" else named
    asked, doubts = _folders([*named, *(one.text for one in found.all(options.REQUIREMENT))], place)
    return [*doubts, *install(place, found, asked)]


def poetry(words: list[Word], place: Place) -> list[Found]:
    """``poetry add``, ``install``, ``sync``, ``update``, ``self add``."""
    line = given(words, options.POETRY, stop=1)
    return _project(line, place, options.POETRY, "poetry.lock")


def pdm(words: list[Word], place: Place) -> list[Found]:
    """``pdm add``, ``install``, ``sync``, ``update``."""
    line = given(words, options.PDM, stop=1)
    return _project(line, place, options.PDM, "pdm.lock")


def _project(line: Given, place: Place, table: Mapping[str, str], lock: str) -> list[Found]:
    if line.words and line.words[0].text == "self":
        line = given(line.rest, table, stop=1)
    verb = line.words[0].text if line.words else ""
    found = given(line.rest, table)
    if found.flags & _HELP:
        return []
    place = _moved(_moved(place, line), found)
    if verb == "add":
        asked, doubts = _folders([one.text for one in found.all(options.EDITABLE)], place)
        named = [_constraint(one.text) for one in found.words]
        doubts += [one for one in named if isinstance(one, Doubt)]
        asked += [one for one in named if isinstance(one, str)]
        return [*doubts, *install(place, found, asked)]
    if verb in {"install", "sync"}:
        return _of_lock(place, found, lock)
    return _of_lock(place, found, "") if verb in {"update", "lock"} else []


def pipenv(words: list[Word], place: Place) -> list[Found]:
    """``pipenv install`` and ``sync``."""
    line = given(words, options.PIP, stop=1)
    verb = line.words[0].text if line.words else ""
    if verb not in {"install", "sync", "update", "upgrade"}:
        return []
    found = given(_rest(line), options.PIP)
    asked = [one.text for one in found.words]
    if asked or found.all(options.FILE):
        return install(place, found, asked)
    return _of_lock(place, found, "Pipfile.lock" if verb in {"install", "sync"} else "")


def pip_sync(words: list[Word], place: Place) -> list[Found]:
    """``pip-sync`` of pip-tools."""
    line = given(words, options.PIP)
    return install(place, line, (), files=[one.text for one in line.words] or ["requirements.txt"])


def pip_compile(words: list[Word], place: Place) -> list[Found]:
    """``pip-compile`` of pip-tools, which builds what has no wheel."""
    line = given(words, options.UV_PIP)
    named = [one.text for one in line.words]
    if not named and place.cwd is not None and (place.cwd / "requirements.in").is_file():
        named = ["requirements.in"]
    return install(
        place, line, (), files=[one for one in named if not one.endswith((".toml", ".cfg", ".py"))]
    )


def easy_install(words: list[Word], place: Place) -> list[Found]:
    """What pip replaced."""
    line = given(words, options.PIP)
    return install(place, line, [one.text for one in line.words])


def build(words: list[Word], place: Place) -> list[Found]:
    """``python -m build``: what a build needs is installed beside it."""
    line = given(words, {"-o": options.IGNORED, "--outdir": options.IGNORED})
    return install(place, line, _builders(line.words, place))


def _builders(words: Sequence[Word], place: Place) -> list[str]:
    if place.cwd is None:
        return []
    return projects.builders(place.cwd / words[0].text if words else place.cwd)


def _of_lock(place: Place, line: Given, name: str) -> list[Found]:
    """What a project's lock pins; without one, what the project itself asks for."""
    if line.flags & _HELP:
        return []
    if place.cwd is None:
        return [Doubt("installs in a folder that only turns out when it runs")]
    lock = projects.upwards(place.cwd, name) if name else None
    pinned = [] if lock is None else install(place, line, (), lock=str(lock))
    project = projects.upwards(place.cwd, "pyproject.toml")
    if project is None or (lock is not None and not projects.newer(project, lock)):
        return pinned
    # uv makes a lock anew that its project has changed since.
    brought = projects.local(project.parent)
    return [*pinned, *([_BUILT] if brought is None else install(place, line, brought))]


def _at(text: str) -> str:
    """``NAME@1.2`` as uv's tools take it, as a requirement."""
    match = _VERSION.fullmatch(text)
    if match is None:
        return text
    return match["name"] if match["version"] == "latest" else f"{match['name']}=={match['version']}"


def _constraint(text: str) -> str | Doubt:
    """``NAME@^1.2`` as poetry takes it, as a requirement."""
    match = _VERSION.fullmatch(text)
    if match is None:
        return text
    name, version = match["name"], match["version"].strip()
    if version in {"latest", "*"}:
        return name
    number = version.lstrip("^~=")
    if not _NUMBERS.fullmatch(number):
        return (
            f"{name}{version}"
            if version[:1] in "<>!"
            else Doubt(f"adds {name} in a version that is not understood")
        )
    if version[0] not in "^~" or version.startswith("~="):
        return f"{name}{version}" if version.startswith("~=") else f"{name}=={number}"
    parts = [int(part) for part in number.split(".")]
    if version[0] == "~":
        kept = parts[: 2 if len(parts) > 1 else 1]
    else:
        first = next((at for at, part in enumerate(parts) if part), len(parts) - 1)
        kept = parts[: first + 1]
    above = ".".join(map(str, [*kept[:-1], kept[-1] + 1]))
    return f"{name}>={number},<{above}"


#: Program -> what its command line would install.
TOOLS: Mapping[str, Tool] = {
    "pip": pip,
    "uv": uv,
    "uvx": uvx,
    "pipx": pipx,
    "poetry": poetry,
    "pdm": pdm,
    "pipenv": pipenv,
    "pip-sync": pip_sync,
    "pip-compile": pip_compile,
    "easy_install": easy_install,
}
#: What ``python -m`` runs of the same kind.
MODULES: Mapping[str, Tool] = {**TOOLS, "build": build}
