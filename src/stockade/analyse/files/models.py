"""Files that hold models or pickled data: which of them are pickles, and the code that some keep.

``.pt``, ``.npz`` and ``.keras`` are zip archives, whose members are looked at like those of any archive in the
archive. The name ``.pth`` means two things: a model here, lines that start with the interpreter in startup.py.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import yara_x

from stockade.analyse.bytecode.decompile import code_text
from stockade.analyse.bytecode.pickles import BEGINS, MAX_NAMES, unpickled
from stockade.analyse.files.facts import FileFact, Magic
from stockade.model.artifact import Member
from stockade.model.evidence import Gap, GapKind, Location

#: Endings of files that programs unpickle; a pickle under another name is known by its first bytes.
_ENDING_NAMES = "pkl pickle p pt pth bin joblib dill dat model ckpt sav npy pck cpickle weights mdl doctree"
ENDINGS = frozenset(_ENDING_NAMES.split())
#: Those of files that are nothing else.
_SURE = frozenset({"pkl", "pickle", "pck", "cpickle", "joblib"})
#: Endings of files in which Keras keeps layers that are code.
_KERAS = (".h5", ".hdf5", ".keras", "config.json")
#: base64 of marshalled code, as Keras stores the function of a Lambda layer.
_LAMBDA = re.compile(rb"[\"'](4[wY][A-Za-z0-9+/]{3}(?:[A-Za-z0-9+/=]|\\n){60,})[\"']")


#: Endings of other files that hold numbers, which nobody executes.
_NUMBERS = frozenset({"npy", "npz", "safetensors", "h5", "hdf5", "keras"})
#: Modules that a pickle needs for anything but data, or to make names out of others, and the escapes by which one
#: could be spelt: most pickles have none of them and are not read any further.
_TELLING = """
    posix subproc builtin runpy socket webbrowser commands importlib operator functools codecs base64 binascii zlib
    marshal pickle _winapi asyncio rofile ctypes distutils doctest ensurepip http idlelib multiprocessing pydoc
    requests urllib ftplib smtplib telnetlib poplib imaplib timeit trace zipimport aiohttp paramiko shutil torch joblib
    logging numpy codeop
"""
#: The same where a name is so short that it counts only as a whole string: by its length in front, or by its end.
_SHORT = "os nt io pty pdb bdb pip venv types dill code sys ssl"


@cache
def _gate() -> yara_x.Scanner:
    texts = [f'"{word}"' for word in _TELLING.split()]
    for word in _SHORT.split():
        texts += [f"/[cisSVuX]['\"]?{word}['\"\\n]/", f"/\\x{len(word):02x}(\\x00\\x00\\x00)?{word}[^\\w.]/"]
    texts += ["/\\\\[ux]/"]
    strings = " ".join(f"$s{number} = {text}" for number, text in enumerate(texts))
    scanner = yara_x.Scanner(yara_x.compile(f"rule telling {{ strings: {strings} condition: any of them }}"))
    scanner.max_matches_per_pattern(1)
    return scanner


def pickle_in(path: str, data: bytes, *, magic: bool) -> bytes:
    """The pickle that a file holds, b"" for none: `magic` says that its first bytes are those of one."""
    if data.startswith(b"\x93NUMPY") and len(data) > 12:
        wide = data[6] >= 2
        length = int.from_bytes(data[8 : 12 if wide else 10], "little")
        start = (12 if wide else 10) + length
        return data[start:] if b"O'" in data[:start] else b""
    ending = path.rpartition(".")[2].lower()
    ends = data.endswith(b".") or data.rstrip(b"\0\n").endswith(b".")
    if magic or (ending in _SURE and ends and BEGINS.match(data)):
        return data
    return data if ending in ENDINGS and ends and data[:1] in {b"(", b"]", b"}", b"c"} else b""


def lambda_layers(path: str, data: bytes) -> Iterator[str]:
    """The text of each function that a Keras model keeps as marshalled code (Lambda layers)."""
    if not path.lower().endswith(_KERAS):
        return
    for number, hit in enumerate(_LAMBDA.finditer(data)):
        if number >= MAX_NAMES:
            return
        try:
            found = code_text(binascii.a2b_base64(hit[1].replace(b"\\n", b"")))
        except (binascii.Error, ValueError):
            continue
        if found is not None:
            yield found.text


@dataclass(frozen=True, slots=True, kw_only=True)
class PickleFact:
    """A pickle that reaches outside of data: what it imports to that end, and whether it calls any of that."""

    names: tuple[str, ...]
    called: bool
    where: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a model file gave: facts, the text of its calls and layers, and what could not be read."""

    facts: tuple[PickleFact, ...] = ()
    text: str = ""
    gaps: tuple[Gap, ...] = ()


def look_at_model(member: Member, data: bytes, file: FileFact) -> Look | None:
    """Read a pickle, or a Keras model's functions; None where a file is neither."""
    where = Location(file=member.shown)
    layers = list(lambda_layers(member.path, data))
    if layers:
        return Look(text="\n".join(layers))
    pickle = pickle_in(member.path, data, magic=file.magic is Magic.PICKLE)
    if not pickle:
        ending = member.path.rpartition(".")[2].lower()
        opened = file.magic is Magic.ZIP and ending in ENDINGS
        return Look() if opened or ending in _NUMBERS else None
    if not _gate().scan(pickle).matching_rules:
        return Look()
    found = unpickled(pickle)
    gaps: tuple[Gap, ...] = ()
    if found.broken or found.cut:
        why = (
            "holds more than is read of a pickle"
            if found.cut
            else f"is a pickle up to a point ({found.broken})"
        )
        gaps = (Gap(kind=GapKind.SCOPE, what=member.shown, why=why),)
    facts = (PickleFact(names=tuple(found.names), called=found.called, where=where),) if found.names else ()
    return Look(facts=facts, text=found.text, gaps=gaps)
