"""A Python environment on a machine, what is installed in it, and what about its files is not as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from stockade.model.project import ProjectName


class EnvironmentKind(StrEnum):
    """What made an environment, as far as its own files tell."""

    VIRTUALENV = "virtualenv"
    CONDA = "conda"
    UV_TOOL = "uv-tool"
    PIPX = "pipx"
    POETRY = "poetry"
    PDM = "pdm"
    HATCH = "hatch"
    PYENV = "pyenv"
    #: An interpreter that uv brought.
    UV_PYTHON = "uv-python"
    #: An interpreter that the operating system, or a person, installed for everybody.
    SYSTEM = "system"
    USER_SITE = "user-site"
    ZIPAPP = "zipapp"
    #: A folder that packages lie in, and that is no environment by its own files.
    FOLDER = "folder"
    #: What an installer keeps for other environments; `name` says whose it is. No interpreter looks here.
    CACHE = "cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where one interpreter's packages lie. Paths are absolute; no interpreter was started to know this.

    `python` is its version as its own files tell, "" where they don't. `site` are the folders that it imports
    installed packages from, in the order of its path; `scripts` those of its commands. `library` is the folder of its
    standard library, "" for a virtual environment, which has that of its base. `beneath` says that it sees its base
    interpreter's packages too (PEP 405); `base` is the folder of the interpreter that a virtual environment was made
    with. `name` is the tool's for pipx and uv tools and caches, else "". `via` says how it was found, for a person.
    """

    root: str
    kind: EnvironmentKind
    site: tuple[str, ...]
    scripts: tuple[str, ...] = ()
    library: str = ""
    python: str = ""
    beneath: bool = False
    base: str = ""
    name: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a distribution says that it came from (PEP 610 direct_url.json): `url` without its login."""

    url: str
    editable: bool = False
    commit: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One distribution of an environment, as its dist-info or egg-info says.

    `folder` is that folder (or egg-link, or egg), `site` the site folder it lies in. `version` is as written there.
    `installer` is what INSTALLER names, `requested` whether a person asked for it by name (PEP 376 REQUESTED; None
    where its installer leaves no such mark). `at` is when its own files came, by their times, None where unknown.
    `requires` are its Requires-Dist lines. `files` counts those that its RECORD claims, None without a RECORD.
    """

    name: ProjectName
    version: str
    folder: str
    site: str
    installer: str = ""
    requested: bool | None = None
    origin: Origin | None = None
    at: datetime | None = None
    requires: tuple[str, ...] = ()
    files: int | None = None


class Oddness(StrEnum):
    """What about the files of an environment is not as it should be; the names are a public contract."""

    #: A file's bytes are not those that RECORD promises.
    CHANGED = "changed-file"
    #: RECORD promises a file that isn't there.
    MISSING_FILE = "missing-file"
    #: A file that no distribution claims.
    ORPHAN = "orphan-file"
    #: The same, for what an interpreter runs when it starts: .pth with code, .start, sitecustomize, usercustomize.
    ORPHAN_STARTUP = "orphan-startup"
    #: Two distributions claim one file.
    CLAIMED_TWICE = "claimed-twice"
    #: A distribution wrote into a top-level package that is another's.
    FOREIGN_PACKAGE = "foreign-package"
    #: A command of the environment bears the name of one of the system's.
    SHADOWED_COMMAND = "shadowed-command"
    #: Compiled code beside a source that it was not made from, which is run all the same.
    COMPILED_DIFFERS = "compiled-differs"
    #: The same, where an interpreter makes it anew before it runs it: somebody edited the source.
    COMPILED_STALE = "compiled-stale"
    #: Metadata without the files that it stands for.
    NO_FILES = "no-files"
    #: No RECORD, so that nothing vouches for its files.
    NO_RECORD = "no-record"
    #: RECORD names a file outside of the environment.
    RECORD_OUTSIDE = "record-outside"
    #: Metadata that cannot be read, or that stands twice and differs.
    BAD_METADATA = "bad-metadata"
    #: A file differs from the one that the index published for that release.
    NOT_AS_PUBLISHED = "not-as-published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """One thing that is not as it should be. `path` is absolute; `project` is "" where no distribution is to blame."""

    kind: Oddness
    path: str
    project: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What one environment holds.

    `added` are folders outside of it that its .pth files put on its path (editable installs among them). `gaps` say
    what could not be looked at, as sentences with the path in them. `files` counts what lies in its site folders,
    `digested` those whose bytes were read for it rather than known unchanged. `vouched` are the folders of
    distributions all of whose files were found to be as RECORD promises.
    """

    environment: Environment
    installed: tuple[Installed, ...]
    oddities: tuple[Oddity, ...] = ()
    added: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    vouched: frozenset[str] = frozenset()
    files: int = 0
    digested: int = 0


#: What is remembered of a file whose bytes were digested: size, mtime (ns), inode, ctime (ns), and the digest as RECORD
#: writes it.
Stamp = tuple[int, int, int, int, str]


class Stamps(Protocol):
    """Stamps of the files of an environment, by path, under a key that names it; may forget."""

    def load(self, key: str) -> Mapping[str, Stamp]: ...
    def keep(self, key: str, stamps: Mapping[str, Stamp]) -> None: ...
