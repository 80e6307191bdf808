"""What an archive's members are, apart from Python syntax. Depend on bytes alone; immutable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stockade.model.evidence import Location, Phase


class Magic(StrEnum):
    """What the first bytes say."""

    TEXT = "text"
    ELF = "elf"
    PE = "pe"
    MACHO = "mach-o"
    ZIP = "zip"
    TAR = "tar"
    GZIP = "gzip"
    XZ = "xz"
    BZIP2 = "bzip2"
    ZSTD = "zstd"
    SEVENZIP = "7z"
    RAR = "rar"
    PYC = "pyc"
    PICKLE = "pickle"
    WASM = "wasm"
    CLASS = "java-class"
    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    PDF = "pdf"
    WAV = "wav"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFact:
    """One regular member. `installed`: it would lie in site-packages or on PATH."""

    path: str
    size: int
    magic: Magic
    installed: bool
    head: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartupLine:
    """A line of a .pth or .start file. `executes`: the interpreter would run it (``import …``).

    `says` is the text with what a plain exec of a constant would run in its place.
    """

    text: str
    says: str
    executes: bool
    where: Location
    phase: Phase = Phase.STARTUP


class Hiding(StrEnum):
    """How text is kept from a reader's eye."""

    BIDI = "bidi"
    ZERO_WIDTH = "zero-width"
    FAR_RIGHT = "far-right"
    WHITESPACE_CODE = "whitespace-code"
    HOMOGLYPH = "homoglyph"


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenText:
    """Text in a Python source that a reader would not see."""

    how: Hiding
    where: Location
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """A YARA rule of the user's matched a member. `meta` is the rule's ``description`` or ""."""

    rule: str
    meta: str
    where: Location
    excerpt: str = ""


class Deed(StrEnum):
    """What a script of another interpreter does; completes "it …"."""

    RUNS_FETCHED = "runs what it fetches"
    RUNS_DECODED = "runs what it decodes"
    BRINGS_RUNTIME = "fetches another language's runtime and runs a program in it"
    SENDS_SECRETS = "sends credentials or the environment away"
    OPENS_SHELL = "hands a shell to another machine"
    DISABLES = "turns protection off"
    MANGLED = "is made unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptDeed:
    """One thing that a script among the members does. `language` as a person calls it.

    `phase` is that of the earliest Python code that names the script, None where none does; only scripts that are
    installed, or that Python code names, have a fact.
    """

    deed: Deed
    language: str
    where: Location
    excerpt: str
    phase: Phase | None = None


class Duty(StrEnum):
    """What a setting of an editor or a coding agent brings about; completes "by which …"."""

    RUNS = "a command runs by itself"
    SERVES = "a server is started for an agent"
    REDIRECTS = "an agent's requests go to another address"
    UNLOCKS = "an agent may act without asking"
    INSTRUCTS = "an agent is instructed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that a configuration of an editor or an agent says. `text`: the command, address or instructions.

    `installed` as for FileFact: most such files are the project's own, for those who work on it.
    """

    duty: Duty
    text: str
    where: Location
    installed: bool
