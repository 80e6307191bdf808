"""Archives for cases that no tree of files can express. Each gives bytes, file name and kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stockade.model.artifact import Kind
from tests.support import sdk
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


def scrambled_source() -> Archive:
    """Bytes with the name of source, each changed by one key, so that none is zero."""
    data = bytes(code ^ 0xFC for code in range(256) if code != 0xFC) * 4
    return _wheel({"demo/__init__.py": "", "demo/utilities.py": data})


def old_encoding() -> Archive:
    """A module in Latin-1."""
    return _wheel({"demo/__init__.py": "# -*- coding: latin-1 -*-\nNAME = 'caf\xe9'\n".encode("latin-1")})


def _named(name: str, files: Mapping[str, str]) -> Archive:
    return wheel(name, "2.0", files), wheel_name(name, "2.0"), Kind.WHEEL


def trojaned_copy() -> Archive:
    """A copy of the made-up SDK with a changed constructor and a function more, under another name."""
    return _named("cumulus-client", sdk.trojaned())


def trojaned_renamed_copy() -> Archive:
    """The same with its package renamed too."""
    return _named("cumulus-client", sdk.trojaned("cumulus"))


def plain_copy() -> Archive:
    """A copy without any change but the package's name."""
    return _named("stratus", sdk.sdk("2.0", "stratus"))


def honest_fork() -> Archive:
    """A renamed fork that does one thing more."""
    return _named("stratus", sdk.fork())


def newer_release() -> Archive:
    """A release of the SDK itself that nobody has seen yet."""
    files = sdk.sdk("2.1")
    files["nimbus/client.py"] += "\n    def close(self):\n        self._key = None\n"
    return _named("nimbus-sdk", files)


def variant() -> Archive:
    """A variant by the usual naming."""
    return _named(
        "nimbus-sdk-headless", {**sdk.sdk("2.0"), "nimbus/windows.py": "def none():\n    return 0\n"}
    )


def vendoring() -> Archive:
    """Somebody's own package that holds the SDK in a folder for other people's code."""
    theirs = {f"stratus/_vendor/{path}": text for path, text in sdk.sdk("2.0").items()}
    return _named("stratus", {"stratus/__init__.py": "from stratus._vendor import nimbus\n", **theirs})


def below_a_name_of_its_own() -> Archive:
    """The SDK's files below a package of one's own, in no folder that says so, and as much of one's own code."""
    theirs = {f"stratus/{path}": text for path, text in sdk.sdk("2.0").items()}
    lines = "".join(
        f"def step_{n}(state):\n    state[{n}] = {n} * {n}\n    return list(state)\n" for n in range(200)
    )
    return _named("stratus", {"stratus/__init__.py": lines, **theirs})


def rewritten_copy() -> Archive:
    """A copy in which every variable has another name."""
    text = {
        path: text.replace("self", "me").replace("request", "ask")
        for path, text in sdk.trojaned("cumulus").items()
    }
    return _named("cumulus-client", text)


def beside_the_sdk() -> Archive:
    """A helper that brings a module for the SDK's package."""
    files = {"helper/__init__.py": "", "nimbus/photo.py": "def photo():\n    return 0\n"}
    return _named("photo-helper", files)


def over_the_sdk() -> Archive:
    """Another package of the same name, not a copy."""
    return _named("photo-helper", {"nimbus/__init__.py": "def photo():\n    return 0\n"})


def namesake() -> Archive:
    """A project that bears the name of the package that it installs."""
    return _named("nimbus", {"nimbus/__init__.py": "def cloud():\n    return 0\n"})


def put_there_later() -> Archive:
    """What is copied into the SDK's package only when the code runs."""
    source = (
        "import shutil\n\n\ndef run(target):\n    shutil.copy('photo.txt', target / 'nimbus' / 'photo.py')\n"
    )
    return _named("photo-helper", {"helper/__init__.py": source})


def _requiring(line: str) -> Archive:
    return _wheel({"demo/__init__.py": ""}, metadata=core_metadata("demo", "1.0", (line,)))


def wheel_from_address() -> Archive:
    """Metadata that requires a wheel by its address."""
    return _requiring("helper @ https://files.invalid/helper-1.0-py3-none-any.whl ; python_version > '3'")


def extra_from_address() -> Archive:
    """The same for an extra only."""
    return _requiring("helper @ https://files.invalid/helper-1.0-py3-none-any.whl ; extra == 'dev'")


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
        scrambled_source,
        old_encoding,
        wheel_from_address,
        extra_from_address,
        trojaned_copy,
        trojaned_renamed_copy,
        plain_copy,
        honest_fork,
        newer_release,
        variant,
        vendoring,
        below_a_name_of_its_own,
        rewritten_copy,
        beside_the_sdk,
        over_the_sdk,
        namesake,
        put_there_later,
    )
}
