"""What kind of file a member is, and whether installing would put it where Python or a shell finds it."""

from __future__ import annotations

import re

from stockade.analyse.files.facts import FileFact, Magic
from stockade.analyse.unpack.paths import logical
from stockade.analyse.unpack.signatures import HEAD, signature
from stockade.model.artifact import Kind, Member

_PICKLES = (
    ".pkl",
    ".pickle",
    ".p",
    ".pt",
    ".pth",
    ".bin",
    ".joblib",
    ".dill",
    ".dat",
    ".model",
    ".ckpt",
    ".sav",
)
#: Protocols 0 and 1 begin with text: a global, a mark or a memo in front, and what it is given behind.
_PLAIN_PICKLE = re.compile(
    rb"(?:[(\]}lds]|p\d+\n)*+c[A-Za-z_][\w.]*\n[A-Za-z_]\w*\n(?:[()\]}]|p\d+\n|[SV]['\"])"
)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\b\x1b\x0b\x1a")
_SCHEME = re.compile(r"[^/]+\.data/([^/]+)/")

#: Folders at the root of an sdist that its build normally leaves out.
_APART = frozenset({"test", "tests", "doc", "docs", "example", "examples", "benchmark", "benchmarks"})
_BUILD_FILES = frozenset({"setup.py", "conftest.py", "noxfile.py", "tasks.py", "fabfile.py", "versioneer.py"})


def classify(member_path: str, head: bytes) -> Magic:
    """The kind of the member at `member_path` by its first bytes (unpack's HEAD, or the whole file).

    The path only settles what bytes leave open: compiled Python and pickles.
    """
    found = signature(head)
    if found:
        return Magic(found)
    lower = member_path.lower()
    if head[2:4] == b"\r\n" and len(head) >= 16 and (lower.endswith((".pyc", ".pyo")) or not _is_text(head)):
        return Magic.PYC
    if _is_pickle(lower, head):
        return Magic.PICKLE
    return Magic.TEXT if _is_text(head) else Magic.OTHER


def file_fact(member: Member, data: bytes, kind: Kind, root: str | None = None) -> FileFact:
    """The fact of one regular member; `data` may be its beginning only. `root` as for unpack.logical."""
    head = data[:HEAD]
    return FileFact(
        path=member.shown,
        size=member.size,
        magic=classify(member.path, head),
        installed=not member.nested and installed(member.path, kind, root),
        head=head,
    )


def installed(member_path: str, kind: Kind, root: str | None = None) -> bool:
    """Whether the file would lie in site-packages or on PATH; for an sdist, as builds usually go.

    Of a wheel everything does but headers and data that go elsewhere (PEP 427); of an sdist the packages and
    modules, not the project's own tests, docs and tools beside them.
    """
    path = logical(member_path, kind, root)
    if kind is Kind.WHEEL:
        scheme = _SCHEME.match(path)
        return scheme is None or scheme[1] == "scripts" or path.startswith(f"{scheme[0]}bin/")
    path = path.removeprefix("src/")
    first, slash, _ = path.partition("/")
    if not slash:
        return first.endswith((".py", ".pth", ".start")) and first not in _BUILD_FILES
    return first.lower() not in _APART and not first.startswith(".") and not first.endswith(".egg-info")


def _is_pickle(lower: str, head: bytes) -> bool:
    if len(head) >= 3 and head[0] == 0x80 and 2 <= head[1] <= 5:
        framed = head[1] >= 4 and head[2] == 0x95
        return framed or lower.endswith(_PICKLES) or head[2] in b"c}](X\x8a)NKMJ"
    return _PLAIN_PICKLE.match(head) is not None


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if head.translate(None, _CONTROLS) != head:
        return False
    if head.isascii():
        return True
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as why:
        # A character cut at the end is no fault; other encodings of text use mostly printable bytes.
        return why.start >= len(head) - 3 or sum(byte < 0x80 for byte in head) * 10 >= len(head) * 7
    return True
