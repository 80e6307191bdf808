"""Archives for cases that no tree of files can express. Each gives bytes, file name and kind."""

from __future__ import annotations

from collections.abc import Callable

from stockade.model.artifact import Kind
from tests.support.archives import Content, core_metadata, sdist, sdist_name, wheel, wheel_name
from tests.support.raw import Entry, raw_zip

Archive = tuple[bytes, str, Kind]

_ELF = b"\x7fELF\x02\x01\x01" + b"\0" * 57


def _wheel(files: dict[str, Content], record: bytes | None = None, metadata: bytes | None = None) -> Archive:
    data = wheel("demo", "1.0", files, record=record, metadata=metadata)
    return data, wheel_name("demo", "1.0"), Kind.WHEEL


def elf_in_wheel() -> Archive:
    """A program without the ending of a library."""
    return _wheel({"demo/__init__.py": "", "demo/helper": _ELF})


def library_in_wheel() -> Archive:
    """An extension module and a launcher of an installer."""
    return _wheel(
        {
            "demo/__init__.py": "",
            "demo/_speed.so": _ELF,
            "demo/libz.so.1": _ELF,
            "demo/t64.exe": b"MZ" + b"\0" * 80,
        }
    )


def program_called_picture() -> Archive:
    """A program under the name of a picture."""
    return _wheel({"demo/__init__.py": "", "demo/logo.png": _ELF})


def traversal() -> Archive:
    """A member that leads out of the folder."""
    return _wheel({"demo/__init__.py": "", "../outside.txt": "x"})


def duplicate_name() -> Archive:
    """The same name twice, with other content."""
    entries = [
        Entry(name=b"demo/__init__.py", data=b"a = 1\n"),
        Entry(name=b"demo/__init__.py", data=b"a = 2\n"),
    ]
    return raw_zip(entries), wheel_name("demo", "1.0"), Kind.WHEEL


def changed_module() -> Archive:
    """A module with another digest than RECORD states."""
    digest = "A" * 43
    record = f"demo/__init__.py,sha256={digest},6\ndemo-1.0.dist-info/RECORD,,\n".encode()
    return _wheel({"demo/__init__.py": "a = 1\n"}, record=record)


def direction_mark() -> Archive:
    """A comment that reads as code because of direction marks."""
    line = 'level = "user\u202e \u2066# only for admins\u2069 \u2066"\n'
    return _wheel({"demo/__init__.py": line})


def far_right() -> Archive:
    """A statement behind three hundred blanks."""
    return _wheel({"demo/__init__.py": "value = 1;" + " " * 300 + "print('here')\n"})


def two_names() -> Archive:
    """METADATA that names another project than the file's name."""
    return _wheel({"demo/__init__.py": ""}, metadata=core_metadata("other", "1.0"))


def other_spelling() -> Archive:
    """One name in two spellings."""
    files = {"demo_kit/__init__.py": ""}
    data = sdist("demo-kit", "1.0", files, metadata=core_metadata("Demo.Kit", "1.0"))
    return data, sdist_name("demo-kit", "1.0"), Kind.SDIST


def _opaque(length: int) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return "".join(alphabet[(7 * place * place + place) % 64] for place in range(length))


def long_constant() -> Archive:
    """Opaque text, a decoder and exec that cannot be joined by reading."""
    source = f"import base64\n\nDATA = {_opaque(800)!r}\n\n\ndef run(undo):\n    exec(undo(base64.b64decode(DATA)))\n"
    return _wheel({"demo/__init__.py": source})


def opaque_bytes() -> Archive:
    """Raw bytes, a cipher and exec."""
    data = bytes((13 * place * place + place) % 256 for place in range(900))
    source = f"import zlib\n\nDATA = {data!r}\n\n\ndef run(undo):\n    exec(zlib.decompress(undo(DATA)))\n"
    return _wheel({"demo/__init__.py": source})


def nothing_opaque() -> Archive:
    """A decoder and exec beside long text that is no data."""
    text = "Words of a sentence, which anybody can read. " * 20
    repeated = "A" * 900
    head = f"import base64\n\nTEXT = {text!r}\nLINE = {repeated!r}\n"
    source = head + "\n\ndef run(data):\n    eval(base64.b64decode(data))\n"
    return _wheel({"demo/__init__.py": source})


def icon() -> Archive:
    """Opaque text that nothing executes."""
    return _wheel({"demo/__init__.py": f"import base64\n\nICON = base64.b64decode({_opaque(800)!r})\n"})


def bytes_named_py() -> Archive:
    """Bytes that are no text under a module's name."""
    return _wheel({"demo/__init__.py": "", "demo/utilities.py": bytes(range(256)) * 4})


def old_encoding() -> Archive:
    """A module in Latin-1."""
    return _wheel({"demo/__init__.py": "# -*- coding: latin-1 -*-\nNAME = 'caf\xe9'\n".encode("latin-1")})


RECIPES: dict[str, Callable[[], Archive]] = {
    one.__name__: one
    for one in (
        elf_in_wheel,
        library_in_wheel,
        program_called_picture,
        traversal,
        duplicate_name,
        changed_module,
        direction_mark,
        far_right,
        two_names,
        other_spelling,
        long_constant,
        icon,
        opaque_bytes,
        nothing_opaque,
        bytes_named_py,
        old_encoding,
    )
}
