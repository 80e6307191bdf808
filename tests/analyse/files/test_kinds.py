"""Kinds of files, by their bytes."""

from __future__ import annotations

import gzip
import pickle

import pytest

from stockade.analyse.files import classify, file_fact, installed
from stockade.analyse.files.facts import Magic
from stockade.model.artifact import Kind, Member
from tests.support.archives import tar_of, zip_of

PE = b"MZ" + b"\0" * 58 + b"\x40\0\0\0PE\0\0"
FAR_PE = b"MZ\x90\0" + b"\0" * 56 + b"\0\4\0\0" + b"\0" * 100


@pytest.mark.parametrize(
    ("path", "head", "magic"),
    [
        ("a.so", b"\x7fELF\2\1\1", Magic.ELF),
        ("a.exe", PE, Magic.PE),
        ("a.exe", FAR_PE, Magic.PE),
        ("a.txt", b"MZ is no program", Magic.TEXT),
        ("a.txt", b"MZ is no program" * 9, Magic.TEXT),
        ("a.dylib", b"\xcf\xfa\xed\xfe\7\0\0\1", Magic.MACHO),
        ("a.dylib", b"\xca\xfe\xba\xbe\0\0\0\2", Magic.MACHO),
        ("a.class", b"\xca\xfe\xba\xbe\0\0\0\x34", Magic.CLASS),
        ("a.bin", b"\xca\xfe\xba\xbe", Magic.OTHER),
        ("a", zip_of({"a": "b"}), Magic.ZIP),
        ("a", tar_of({"a": "b"}), Magic.TAR),
        ("a", gzip.compress(b"x", mtime=0), Magic.GZIP),
        ("a", b"BZh91AY&SY", Magic.BZIP2),
        ("a", b"BZhello", Magic.TEXT),
        ("a", b"\xfd7zXZ\0", Magic.XZ),
        ("a", b"\0asm\1\0\0\0", Magic.WASM),
        ("a", b"RIFF\0\0\0\0WAVEfmt ", Magic.WAV),
        ("a", b"RIFF\0\0\0\0WEBP", Magic.OTHER),
        ("a", b"%PDF-1.7", Magic.PDF),
        ("a.pyc", b"\xa7\r\r\n" + b"\0" * 12, Magic.PYC),
        ("a.dat", b"\xa7\r\r\n" + b"\0" * 12, Magic.PYC),
        ("a.txt", b"ab\r\ncdefghijklmnop", Magic.TEXT),
        ("a", pickle.dumps({"a": 1}), Magic.PICKLE),
        ("a.bin", pickle.dumps({"a": 1}, protocol=2), Magic.PICKLE),
        ("a.pkl", b"\x80\x02\x8f.", Magic.PICKLE),
        ("a.xyz", b"\x80\x02\x8f.", Magic.OTHER),
        ("a", b"cos\nsystem\n(S'echo'\ntR.", Magic.PICKLE),
        ("top_level.txt", b"configobj\nvalidate\nother\n", Magic.TEXT),
        ("a.py", b"class A:\n    pass\n", Magic.TEXT),
        ("a.py", b"", Magic.TEXT),
        ("a.py", "é".encode() * 256, Magic.TEXT),
        ("a.py", b"x" * 511 + "é".encode()[:1], Magic.TEXT),
        ("a.py", b"caf\xe9 " * 50, Magic.TEXT),
        ("a.py", "text".encode("utf-16"), Magic.TEXT),
        ("a.bin", bytes(range(128, 256)) * 4, Magic.OTHER),
        ("a.bin", b"\0\1\2", Magic.OTHER),
    ],
)
def test_classify(path: str, head: bytes, magic: Magic) -> None:
    assert classify(path, head) is magic


@pytest.mark.parametrize(
    ("path", "kind", "root", "lies"),
    [
        ("demo/a.py", Kind.WHEEL, None, True),
        ("demo-1.0.dist-info/METADATA", Kind.WHEEL, None, True),
        ("demo-1.0.data/scripts/run", Kind.WHEEL, None, True),
        ("demo-1.0.data/data/bin/run", Kind.WHEEL, None, True),
        ("demo-1.0.data/purelib/a.py", Kind.WHEEL, None, True),
        ("demo-1.0.data/data/lib/python3.11/site-packages/a.pth", Kind.WHEEL, None, True),
        ("demo-1.0.data/data/share/a", Kind.WHEEL, None, False),
        ("demo-1.0.data/headers/a.h", Kind.WHEEL, None, False),
        ("demo-1.0/demo/a.py", Kind.SDIST, None, True),
        ("demo-1.0/src/demo/a.so", Kind.SDIST, "demo-1.0", True),
        ("demo-1.0/mod.py", Kind.SDIST, None, True),
        ("demo-1.0/x.pth", Kind.SDIST, None, True),
        ("demo-1.0/setup.py", Kind.SDIST, None, False),
        ("demo-1.0/README.md", Kind.SDIST, None, False),
        ("demo-1.0/tests/a.py", Kind.SDIST, None, False),
        ("demo-1.0/demo/tests/a.py", Kind.SDIST, None, True),
        ("demo-1.0/.github/a.yml", Kind.SDIST, None, False),
        ("demo-1.0/demo.egg-info/PKG-INFO", Kind.SDIST, None, False),
    ],
)
def test_installed(path: str, kind: Kind, root: str | None, lies: bool) -> None:
    assert installed(path, kind, root) is lies


def test_file_fact() -> None:
    fact = file_fact(Member(path="demo/a.so", size=9000), b"\x7fELF" + b"\0" * 8996, Kind.WHEEL)
    assert (fact.path, fact.size, fact.magic, fact.installed, len(fact.head)) == (
        "demo/a.so",
        9000,
        Magic.ELF,
        True,
        512,
    )
    inner = file_fact(Member(path="a.py", size=1, nested="demo/x.zip"), b"1", Kind.WHEEL)
    assert (inner.path, inner.installed) == ("demo/x.zip!a.py", False)
