"""Facts about native files."""

from __future__ import annotations

import pytest

from stockade.analyse.files.kinds import file_fact
from stockade.analyse.files.natives import NativeFile, has_native_source, look_at_native, module_name
from stockade.analyse.marks.kinds import Mark
from stockade.model.artifact import Kind, Member
from tests.support.natives import elf, macho, pe

PLACE = "C:\\Users\\x\\AppData\\Local\\Example\\User Data\\Default\\Login Data"


def look(data: bytes, path: str = "demo/_a.so") -> NativeFile | None:
    """The fact of one member of a wheel."""
    member = Member(path=path, size=len(data))
    return look_at_native(member, data, file_fact(member, data, Kind.WHEEL))


@pytest.mark.parametrize(
    "strings",
    [
        PLACE.encode(),
        b"xyz\0" + PLACE.encode() + b"\0xyz",
        PLACE.encode("utf-16-le"),
        b"\0" + PLACE.encode("utf-16-le"),
        b"a\0b\0\0\0" + PLACE.encode("utf-16-le") + b"\0\0c",
    ],
)
def test_strings_of_one_and_two_bytes_are_read(strings: bytes) -> None:
    for data in (elf(strings=strings), pe({}, strings=strings)):
        found = look(data)
        assert found is not None
        assert Mark.BROWSER in dict(found.strings)


@pytest.mark.parametrize("strings", [b"powershell", b"see pastebin for more", b"a wallet", b""])
def test_a_word_alone_means_nothing(strings: bytes) -> None:
    found = look(elf(strings=strings))
    assert found is not None and found.strings == ()


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("demo/_a.so", "_a"),
        ("demo/_a.abi3.so", "_a"),
        ("demo/_a.cpython-311-x86_64-linux-gnu.so", "_a"),
        ("_a.cp311-win_amd64.pyd", "_a"),
        ("demo/libz.so.1", ""),
        ("demo/_a.dll", ""),
    ],
)
def test_extension_modules_by_name(path: str, module: str) -> None:
    assert module_name(path) == module
    found = look(elf(exports=["PyInit__a"]), path)
    assert found is not None and found.module == module


def test_a_library_without_an_initialiser_is_no_module() -> None:
    found = look(macho(exports=["start"]))
    assert found is not None and found.module == "" and found.library


def test_packers_and_freezers_are_named() -> None:
    for data, packer in ((pe({}, section="UPX0"), "UPX"), (pe({}, section=".vmp0"), ".vmp0"), (pe({}), "")):
        found = look(data)
        assert found is not None and found.packer == packer
    upx = look(elf(strings=b"UPX!"))
    assert upx is not None and upx.packer == "UPX"
    for tail, by in (
        (b"MEI\x0c\x0b\x0a\x0b\x0e", "PyInstaller"),
        (b"NUITKA_ONEFILE_PARENT", "Nuitka"),
        (b"", ""),
    ):
        found = look(pe({}, library=False) + tail)
        assert found is not None and found.frozen == by


def test_text_is_no_native_file() -> None:
    assert look(b"text") is None


def test_sources_of_native_code() -> None:
    assert has_native_source(["a/b.rs"]) and has_native_source(["x.PYX"])
    assert not has_native_source(["a/b.py", "a/b.txt"])
