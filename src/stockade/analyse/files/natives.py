"""Native code: what it imports, what its strings name, whether it is packed, or a frozen Python program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import yara_x

from stockade.analyse.files.executables import Executable, read_executable
from stockade.analyse.files.facts import FileFact, Magic
from stockade.analyse.marks.finding import marks
from stockade.analyse.marks.kinds import Mark
from stockade.model.artifact import Member
from stockade.model.evidence import Location, Phase

_FORMS = frozenset({Magic.ELF, Magic.PE, Magic.MACHO})
#: Words that a string worth a look holds; the marks then say whether it means anything.
_WORDS = r"""
    login\ data cookies.sqlite logins.json key4.db \\user\ data /user\ data bravesoftware
    exodus.wallet electrum\\wallets wallet.dat nkbihfbeogaeaoehlefnkodbefgpgknn com.liberty.jaxx ethereum\\keystore
    local\ storage dqw4w9wgxcq discordcanary users/@me loginusers.vdf roblosecurity \\tdata
    /webhooks/ hooks.slack.com webhook.office.com api.telegram.org ngrok trycloudflare serveo.net
    oastify interact.sh webhook.site pipedream.net burpcollaborator requestbin
    cdn.discordapp transfer.sh gofile.io anonfile catbox.moe 0x0.st //file.io
    pastebin.com rentry.co hastebin raw.githubusercontent stratum+ xmrig minerd moneroocean supportxmr
    powershell certutil bitsadmin mshta curl\ wget\ /dev/tcp/ bash\ -i meterpreter
    mppreference enablelua advfirewall currentversion\\run schtasks launchagents taskkill
    id_rsa .aws/credentials .aws\\credentials .git-credentials .pypirc .kube/config discord_desktop_core
"""
#: Characters looked at on each side of a word, and strings of one word.
_AROUND = 160
_MATCHES = 6
_PRINTABLE = re.compile(rb"[\x20-\x7e]+")
_WIDE = re.compile(rb"(?:[\x20-\x7e]\0)+")

#: Names that packers give to their sections.
_PACKED_NAMES = re.compile(
    r"upx\d|\.(?:vmp\d|themida|winlice|aspack|adata|mpress\d|petite|enigma\d|nsp\d|packed|boom|svkp|perplex)",
    re.IGNORECASE,
)
#: Code that looks like noise. Honest code has at most 7.1 bits a byte; in short sections chance plays a part.
_NOISE = 7.4
_NOISE_SIZE = 1 << 14
#: What PyInstaller leaves behind the archive that it appends, and what marks the payloads of others.
_COOKIE = b"MEI\x0c\x0b\x0a\x0b\x0e"
_COOKIE_ROOM = 8192
_FROZEN = ((b"NUITKA_ONEFILE_PARENT", "Nuitka"), (b"PYTHONSCRIPT", "py2exe"), (b"pyoxidizer", "PyOxidizer"))
_SOURCE_NAMES = "c cc cpp cxx c++ m mm h hpp pyx pxd rs go f f77 f90 f95 cu zig s asm swift cs java nim d pyf"
_SOURCES = frozenset(_SOURCE_NAMES.split())
#: How the name of an extension module ends.
_EXTENSION = re.compile(r"([^/.]+)(?:\.(?:cpython|pypy|abi3|cp)[\w.-]*)?\.(?:so|pyd)")


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeFile:
    """One native file. `module`: its name as an extension module, "" for none; `packer` and `frozen`: by what, "" for
    nothing; `strings`: the marks that its strings bear, each with the part that does; `sourceless`: it is an extension
    module in an sdist that has no source of any native code."""

    where: Location
    form: str
    installed: bool
    module: str
    library: bool
    packer: str
    frozen: str
    imports: frozenset[str]
    strings: tuple[tuple[Mark, str], ...]
    sourceless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeCall:
    """A package with next to no Python calls into native code of its own, at `where`, in `phase`."""

    target: str
    phase: Phase
    where: Location


@cache
def _scanner() -> yara_x.Scanner:
    words = _WORDS.replace("\\ ", "\0").split()
    quoted = (word.replace("\0", " ").replace('"', '\\"') for word in words)
    strings = " ".join(f'$s{number} = "{text}" ascii wide nocase' for number, text in enumerate(quoted))
    scanner = yara_x.Scanner(yara_x.compile(f"rule named {{ strings: {strings} condition: any of them }}"))
    scanner.max_matches_per_pattern(_MATCHES)
    return scanner


def has_native_source(paths: Iterable[str]) -> bool:
    """Whether any of `paths` is source of native code."""
    return any(path.rpartition(".")[2].lower() in _SOURCES for path in paths)


def module_name(path: str) -> str:
    """The name, without its package, of the extension module at `path`; "" where import would not take it."""
    name = _EXTENSION.fullmatch(path.rpartition("/")[2])
    return name[1] if name else ""


def look_at_native(
    member: Member, data: bytes, file: FileFact, *, sourceless: bool = False
) -> NativeFile | None:
    """The fact of a native file, None where it is none. `sourceless`: no source of native code comes with it."""
    if file.magic not in _FORMS:
        return None
    found = read_executable(data)
    if found is None:
        return None
    extension = any(one.startswith("PyInit_") for one in found.exports)
    module = module_name(member.path) if extension else ""
    return NativeFile(
        where=Location(file=member.shown),
        form=found.form,
        installed=file.installed,
        module=module,
        library=found.library,
        packer=_packer(found, data),
        frozen=_frozen(data),
        imports=frozenset(found.imports),
        strings=tuple(_named(data)),
        sourceless=sourceless and bool(module) and file.installed,
    )


def _packer(found: Executable, data: bytes) -> str:
    named = next((one.name for one in found.sections if _PACKED_NAMES.match(one.name)), "")
    if named or b"UPX!" in data[:4096]:
        return "UPX" if not named or named.lower().startswith("upx") else named
    noisy = [one for one in found.sections if one.code and one.size >= _NOISE_SIZE and one.entropy > _NOISE]
    return f"its code in {noisy[0].name[:20]} is noise, {noisy[0].entropy:.1f} bits a byte" if noisy else ""


def _frozen(data: bytes) -> str:
    if _COOKIE in data[-_COOKIE_ROOM:]:
        return "PyInstaller"
    return next((by for word, by in _FROZEN if word in data), "")


def _named(data: bytes) -> Iterator[tuple[Mark, str]]:
    """The marks of the strings around the words that `data` holds, each once."""
    seen: set[Mark] = set()
    for rule in _scanner().scan(data).matching_rules:
        for pattern in rule.patterns:
            for match in pattern.matches:
                for mark, part in marks(_string(data, match.offset, match.offset + match.length)):
                    if mark not in seen:
                        seen.add(mark)
                        yield mark, part


def _string(data: bytes, start: int, end: int) -> str:
    """The string that the word from `start` to `end` stands in: of one byte a character, or of two."""
    wide = data[start + 1 : start + 2] == b"\0"
    form, step = (_WIDE, 2) if wide else (_PRINTABLE, 1)
    begin = max(start - _AROUND * step, (start & 1) if wide else 0)
    for found in form.finditer(data, begin, min(end + _AROUND * step, len(data))):
        if found.start() <= start < found.end():
            return found[0][::step].decode("ascii")
    return ""
