"""A virtual environment whose python, pip and console scripts start in a jail.

Its `python` is a launcher of a few lines, and so are the names beside it. Installers write the environment's `python`
into the first line of each console script, so that scripts installed later start in the jail as well. The interpreter
itself is the one that the environment was made of: it is told its place by the name that it is started under.

Inside of the jail the launcher only starts the interpreter. It is told by the variable STOCKADE_JAIL that it is there;
who sets that inside gains nothing, since walls are inherited.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stockade.errors import BadEnvironment

#: What asks for another profile from outside, or none by `off`.
VARIABLE = "STOCKADE_JAIL"
_SECONDS = 120
_STARTS = (".pth", ".start")
_CUSTOM = ("sitecustomize", "usercustomize")
_PYTHON = re.compile(r"python(\d+(\.\d+)?)?t?")
#: Variables by which something is loaded into, or put in the place of, what starts.
_LOADING = (
    *("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONBREAKPOINT", "PYTHONWARNINGS"),
    *("PYTHONPLATLIBDIR", "PYTHONPYCACHEPREFIX", "PYTHONINSPECT", "PYTHONEXECUTABLE"),
)

_LAUNCHER = """\
#!{real} -IS
# Written by `stockade env create`; `stockade env check` tells whether it still is what it was.
# This environment's Python starts in a jail: in the profile `run`, pip in `install`, or the one that STOCKADE_JAIL
# names. STOCKADE_JAIL=off starts it without walls; inside of a jail that changes nothing.
import os, re, sys

ENVIRONMENT, REAL, STOCKADE = {environment!r}, {real!r}, {stockade!r}
own = os.path.join(ENVIRONMENT, "bin", os.path.basename(sys.argv[0]))
words = sys.argv[1:]
for name in {loading!r}:
    os.environ.pop(name, None)
script = words[0] if words and not words[0].startswith("-") else ""
console = os.path.dirname(os.path.abspath(script)) == os.path.join(ENVIRONMENT, "bin") if script else False
pip = (console and re.fullmatch(r"pip[0-9.]*", os.path.basename(script))) or words[:2] == ["-m", "pip"]
asked = os.environ.get({variable!r}, "")
if asked in ("off", "inside"):
    # A script of the environment, or pip, is nobody's to shadow by a file beside it.
    flags = {flags!r} if console or pip else ["-s"]
    os.execv(REAL, [own, *flags, *words])
os.environ.update({{"VIRTUAL_ENV": ENVIRONMENT, {variable!r}: "inside"}})
if os.path.exists(os.path.join(ENVIRONMENT, "uv.toml")):
    os.environ["UV_CONFIG_FILE"] = os.path.join(ENVIRONMENT, "uv.toml")
profile = asked or ("install" if pip else "run")
if profile == "install":
    how = ["env", "run", ENVIRONMENT, "--", own]
else:
    how = ["jail", "--profile", profile, "--keep-env", {variable!r}, "--keep-env", "UV_CONFIG_FILE", "--", own]
os.execv(STOCKADE[0], [*STOCKADE, *how, *words])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An environment as it was made: its folder, the interpreter, and the files that guard it, by their path below the
    folder; `startup` are digests of what runs whenever it starts."""

    folder: Path
    real: str
    files: Mapping[str, str]
    startup: Mapping[str, str]


def make(folder: Path, *, index: str = "", base: str | None = None) -> Made:
    """Make an environment at `folder`, with pip where the interpreter has it. `index` is the gate that pip and uv ask;
    `base` an interpreter, by default the one that Stockade runs on. Raises BadEnvironment."""
    folder = Path(os.path.realpath(folder))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadEnvironment(f"{folder} is there already, and not empty")
    real = os.path.realpath(base or str(getattr(sys, "_base_executable", sys.executable)))
    if not os.access(real, os.X_OK) or re.search(r"\s", real) or len(real) > 120:
        raise BadEnvironment(f"{real} is no interpreter that a first line can name")
    _furnished(real, folder)
    files = {name: _launcher(folder, real) for name in _pythons(folder)}
    for name, text in files.items():
        path = folder / name
        path.unlink()
        path.write_text(text, "utf-8")
        path.chmod(0o755)
    if index:
        for name, text in (
            ("pip.conf", f"[global]\nindex-url = {index}\n"),
            ("uv.toml", f'[[index]]\nurl = "{index}"\ndefault = true\n'),
        ):
            (folder / name).write_text(text, "utf-8")
    for name in guarded(folder):
        files.setdefault(name, (folder / name).read_bytes().decode("utf-8", "surrogateescape"))
    startup = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in startup_files(folder)
    }
    return Made(folder=folder, real=real, files=files, startup=startup)


def startup_files(folder: Path) -> list[str]:
    """What an interpreter runs whenever it starts, in an environment's folders of packages."""
    return [
        str(path.relative_to(folder))
        for packages in sorted(folder.glob("lib/python*/site-packages"))
        for path in sorted(packages.iterdir())
        if path.suffix in _STARTS or path.name.partition(".")[0] in _CUSTOM
    ]


def guarded(folder: Path) -> list[str]:
    """What of an environment runs, or is read, before any wall stands, or decides what does: launchers, settings, and
    what shells source."""
    names = [*_pythons(folder), "pyvenv.cfg", "pip.conf", "uv.toml"]
    names += sorted(
        f"bin/{one.name}" for one in (folder / "bin").iterdir() if one.name.lower().startswith("activate")
    )
    return [name for name in dict.fromkeys(names) if os.path.lexists(folder / name)]


def _furnished(real: str, folder: Path) -> None:
    """A plain environment; nothing but the interpreter's own library runs for it."""
    told = ""
    for more in ([], ["--without-pip"]):
        try:
            done = subprocess.run(  # noqa: S603 - what a person names as their Python
                [real, "-Im", "venv", *more, str(folder)],
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired) as why:
            raise BadEnvironment(f"{real} makes no environment: {why}") from None
        if not done.returncode:
            return
        told = (done.stderr or done.stdout).strip().rpartition("\n")[2]
        shutil.rmtree(folder, ignore_errors=True)
    raise BadEnvironment(f"{real} makes no environment: {told}")


def _pythons(folder: Path) -> list[str]:
    """The names that the interpreter has in an environment."""
    return sorted(f"bin/{one.name}" for one in (folder / "bin").iterdir() if _PYTHON.fullmatch(one.name))


def _launcher(folder: Path, real: str) -> str:
    return _LAUNCHER.format(
        real=real,
        environment=str(folder),
        stockade=list(_stockade()),
        loading=_LOADING,
        variable=VARIABLE,
        # -P is of Python 3.11.
        flags=["-sP"] if _modern(folder) else ["-s"],
    )


def _modern(folder: Path) -> bool:
    found = re.search(
        r"^version(?:_info)? = (\d+)\.(\d+)", (folder / "pyvenv.cfg").read_text("utf-8"), re.MULTILINE
    )
    return found is not None and (int(found[1]), int(found[2])) >= (3, 11)


def _stockade() -> Sequence[str]:
    """How Stockade itself is started, wherever it is installed."""
    around = str(Path(__file__).parents[3])
    call = f"import sys; sys.path.insert(0, {around!r}); from stockade.cli import main; sys.exit(main())"
    return (sys.executable, "-I", "-c", call)
