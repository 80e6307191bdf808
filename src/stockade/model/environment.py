"""A Python environment on a machine, what is installed in it, and what about its files is not as it should be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

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
    #: An interpreter that the operating system, or a person, installed for everybody.
    SYSTEM = "system"
    USER_SITE = "user-site"
    ZIPAPP = "zipapp"
    #: A folder that is given as an environment and is none by its own files.
    FOLDER = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where one interpreter's packages lie. Paths are absolute; no interpreter was started to know this.

    `python` is its version as its own files tell, "" where they don't. `site` are the folders that it imports
    installed packages from, in the order of its path; `scripts` those of its commands. `beneath` says that it sees
    its base interpreter's packages too (PEP 405). `name` is the tool's for pipx and uv tools, else "". `via` says how
    it was found, for a person.
    """

    root: str
    kind: EnvironmentKind
    site: tuple[str, ...]
    scripts: tuple[str, ...] = ()
    python: str = ""
    beneath: bool = False
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
    #: Compiled code beside a source that it was not made from, by its own header.
    COMPILED_DIFFERS = "compiled-differs"
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
    """What one environment holds. `gaps` say what could not be looked at, as sentences with the path in them."""

    environment: Environment
    installed: tuple[Installed, ...]
    oddities: tuple[Oddity, ...] = ()
    gaps: tuple[str, ...] = field(default=())
