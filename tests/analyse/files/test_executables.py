"""Headers of native files: what a second reader finds we find, and damage hurts nobody."""

from __future__ import annotations

import random
import struct
import time
from pathlib import Path
from typing import Any

import pytest
import yara_x

from stockade.analyse.files.executables import entropy, read_executable
from tests.support.natives import elf, macho, pe


def test_an_elf_library_is_read() -> None:
    data = elf(
        imports=["malloc"],
        exports=["PyInit_a"],
        libraries=["libc.so.6"],
        strings=b"text\0",
        code=b"\x90" * 64,
    )
    found = read_executable(data)
    assert found is not None
    assert (found.form, found.library, found.libraries) == ("elf", True, ["libc.so.6"])
    assert found.imports == {"malloc"} and found.exports == {"PyInit_a"}
    assert [(one.name, one.code) for one in found.sections][1] == (".text", True)
    assert found.end == len(data)


def test_a_pe_library_is_read() -> None:
    data = pe({"KERNEL32.dll": ["Sleep", "WinExec"], "USER32.dll": ["MessageBoxW"]}, exports=["PyInit_a"])
    found = read_executable(data)
    assert found is not None
    assert (found.form, found.library, found.managed) == ("pe", True, False)
    assert found.libraries == ["KERNEL32.dll", "USER32.dll"]
    assert found.imports == {"Sleep", "WinExec", "MessageBoxW"} and found.exports == {"PyInit_a"}
    assert found.end == len(data)


def test_a_mach_o_bundle_is_read_alone_and_in_a_fat_file() -> None:
    data = macho(imports=["malloc"], exports=["PyInit_a"], libraries=["/usr/lib/libSystem.B.dylib"])
    fat = b"\xca\xfe\xba\xbe\0\0\0\1" + bytes(8) + (48).to_bytes(4, "big") + bytes(28) + data
    for one in (data, fat):
        found = read_executable(one)
        assert found is not None
        assert (found.form, found.library) == ("mach-o", True)
        assert found.imports == {"malloc"} and found.exports == {"PyInit_a"}
        assert found.libraries == ["/usr/lib/libSystem.B.dylib"]


@pytest.mark.parametrize("data", [b"", b"text", b"MZ" + bytes(80), b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(40)])
def test_what_is_no_native_file(data: bytes) -> None:
    assert read_executable(data) is None


@pytest.mark.parametrize("data", [b"\x7fELF", b"MZ", elf()[:90], b"\xcf\xfa\xed\xfe\0"])
def test_a_broken_file_is_said_to_be_damaged(data: bytes) -> None:
    found = read_executable(data)
    assert found is not None and found.form == "damaged"


def _second(form: str, data: bytes) -> Any:
    """What yara-x reads of a file; its stubs ask for text where it takes bytes."""
    invoke: Any = yara_x.Module(form).invoke
    return invoke(data)


def test_another_reader_finds_the_same_names() -> None:
    seen = 0
    for path in sorted(Path(yara_x.__file__).parents[1].glob("*.so")):
        data = path.read_bytes()
        found, other = read_executable(data), _second("elf", data)
        assert found is not None
        undefined = {one["name"] for one in other["dynsym"] if one["name"] and not one.get("shndx")}
        assert undefined <= found.imports
        seen += len(undefined)
    pe_file = pe({"KERNEL32.dll": ["Sleep", "WinExec"]})
    details = _second("pe", pe_file)["import_details"]
    assert {one["name"] for row in details for one in row["functions"]} == {"Sleep", "WinExec"}
    assert seen or not list(Path(yara_x.__file__).parents[1].glob("*.so"))


@pytest.mark.parametrize(
    "data",
    [
        elf(imports=["a", "b"], exports=["c"], libraries=["d"]),
        pe({"a": ["b", "c"]}, exports=["d"]),
        macho(imports=["a"], exports=["b"], libraries=["c"]),
    ],
    ids=["elf", "pe", "mach-o"],
)
def test_damage_hurts_nobody(data: bytes) -> None:
    chance, read = random.Random(11), 0
    for _ in range(1500):
        spoilt = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            spoilt[chance.randrange(len(spoilt))] = chance.choice(
                (0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256))
            )
        read += read_executable(bytes(spoilt[: chance.randint(1, len(spoilt))])) is not None
    assert 0 < read < 1500, "some are still recognised, and some no more"


def test_entropy_is_in_bits_a_byte() -> None:
    assert entropy(b"") == 0
    assert entropy(b"aaaa") == 0
    assert entropy(bytes(range(256))) == 8


def test_tables_that_are_listed_again_and_again_are_bounded() -> None:
    """256 libraries, each with the same names up to the end of a large file."""
    data = bytearray(pe({"a": ["b"]}))
    data += struct.pack("<Q", 0x1000) * 400_000
    section = data.index(b".text")
    struct.pack_into("<L", data, section + 8, 1 << 24)
    struct.pack_into("<L", data, section + 16, 1 << 24)
    place = struct.unpack_from("<L", data, section + 20)[0]
    for number in range(256):
        struct.pack_into("<LLLLL", data, place + 20 * number, 0x3000, 0, 0, 0x1000, 0x3000)
    started = time.process_time()
    assert read_executable(bytes(data)) is not None
    assert time.process_time() - started < 10
