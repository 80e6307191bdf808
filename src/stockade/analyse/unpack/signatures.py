"""What the first bytes of a file say it is, and when that contradicts its name."""

from __future__ import annotations

import re
import struct

#: Bytes of a file that `signature` wants to see (a tar's magic ends at 262).
HEAD = 512

_PREFIXES: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "elf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\0asm", "wasm"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "pdf"),
    (b"\xfe\xed\xfa\xce", "mach-o"),
    (b"\xfe\xed\xfa\xcf", "mach-o"),
    (b"\xce\xfa\xed\xfe", "mach-o"),
    (b"\xcf\xfa\xed\xfe", "mach-o"),
)
_FIRST = frozenset(prefix[0] for prefix, _ in _PREFIXES) | frozenset(b"\xcaMRB")
#: Its magic is three letters; a block, or the end of an empty file, must follow.
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")

PROGRAMS = frozenset({"elf", "pe", "mach-o", "wasm", "java-class"})
ARCHIVES = frozenset({"zip", "tar", "gzip", "xz", "bzip2", "zstd", "7z", "rar"})
_IMAGES = frozenset({"png", "jpeg", "gif"})

_CODE = frozenset({"py", "pyi", "pyw", "pyx", "js", "ts", "sh", "bat", "ps1", "start"})
_TEXTS = frozenset(
    {"txt", "md", "rst", "cfg", "toml", "ini", "json", "yaml", "yml", "xml", "html", "css", "csv"}
)
#: Endings whose files begin in a known way, by what they may begin with.
_EXPECTED: dict[str, frozenset[str]] = {
    **dict.fromkeys(_TEXTS | _CODE, frozenset[str]()),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "bmp", "ico", "webp"), _IMAGES),
    "pdf": frozenset({"pdf"}),
    "wav": frozenset({"wav"}),
    **dict.fromkeys(("mp3", "ogg", "mp4", "ttf", "woff", "woff2"), frozenset[str]()),
}


def signature(head: bytes) -> str:
    """The format that `head` (at least HEAD bytes, or the whole file) begins, as facts.Magic spells it.

    "" where the bytes are of no format that begins in a fixed way.
    """
    if not head:
        return ""
    if head[0] in _FIRST:
        for prefix, name in _PREFIXES:
            if head.startswith(prefix):
                return name
        if _BZIP2.match(head):
            return "bzip2"
        if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
            return "wav"
        if head.startswith(b"MZ") and _is_pe(head):
            return "pe"
        if head.startswith(b"\xca\xfe\xba\xbe") and len(head) >= 8:
            # A fat Mach-O counts its architectures where a Java class has its version (45 or more).
            return "mach-o" if int.from_bytes(head[4:8], "big") < 40 else "java-class"
    if head[257:262] == b"ustar":
        return "tar"
    return ""


def _is_pe(head: bytes) -> bool:
    """``MZ`` also begins text; a program has an offset to its real header at 0x3C, or at least zeros there."""
    if len(head) < 64:
        return False
    offset: int = struct.unpack_from("<L", head, 0x3C)[0]
    if offset + 4 <= len(head):
        return head[offset : offset + 4] == b"PE\0\0"
    return offset < 1 << 24 and b"\0" in head[:64]


def mismatch(path: str, found: str) -> bool:
    """Whether a file named `path` cannot honestly begin as `found` (a signature, not "")."""
    _, dot, ending = path.rpartition(".")
    expected = _EXPECTED.get(ending.lower()) if dot else None
    return expected is not None and found not in expected
