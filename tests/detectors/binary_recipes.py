"""Archives with compiled code, pickles and native code in them, made when the tests run; all of it is inert."""

from __future__ import annotations

import importlib.util
import io
import marshal
import pickle
import struct
import zipfile
from collections.abc import Callable

from stockade.model.artifact import Kind
from tests.support.archives import Content, sdist, sdist_name, wheel, wheel_name
from tests.support.natives import elf, macho, pe

Archive = tuple[bytes, str, Kind]

_HONEST = "import json\n\n\ndef load(text):\n    return json.loads(text)\n"
_OTHER = "import json\nimport os\n\n\ndef load(text):\n    os.getcwd()\n    return json.loads(text)\n"


def compiled(source: str) -> bytes:
    """The compiled file of a source, for the interpreter that runs the tests."""
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compile(source, "mod.py", "exec"))


def _wheel(files: dict[str, Content]) -> Archive:
    return wheel("demo", "1.0", files), wheel_name("demo", "1.0"), Kind.WHEEL


def _sdist(files: dict[str, Content]) -> Archive:
    return sdist("demo", "1.0", files), sdist_name("demo", "1.0"), Kind.SDIST


def pyc_without_source() -> Archive:
    """A package of compiled modules only."""
    return _wheel(
        {"demo/__init__.pyc": compiled("from demo import mod\n"), "demo/mod.pyc": compiled(_HONEST)}
    )


def pyc_forgotten() -> Archive:
    """A compiled file in __pycache__ whose source has gone, and one in a folder of tests."""
    return _wheel(
        {
            "demo/__init__.py": "",
            "demo/__pycache__/gone.cpython-311.pyc": compiled(_HONEST),
            "demo/tests/old.pyc": compiled(_HONEST),
        }
    )


def pyc_of_another_source() -> Archive:
    """A compiled file that does more than its source says, which only mentions it."""
    source = f'"""os.getcwd"""\n# import os\n{_HONEST}'
    return _wheel({"demo/mod.py": source, "demo/__pycache__/mod.cpython-311.pyc": compiled(_OTHER)})


def pyc_with_another_host() -> Archive:
    """A compiled file that differs from its source in an address."""
    text = "HOST = 'https://{}.invalid/api'\n"
    files: dict[str, Content] = {
        "demo/mod.py": text.format("first"),
        "demo/__pycache__/mod.cpython-311.pyc": compiled(text.format("second")),
    }
    return _wheel(files)


def pyc_of_its_source() -> Archive:
    """Compiled files that were packed by accident: of the same source, and stale ones among the tests."""
    source = (
        "class A:\n    def __f(self, *, k):\n        return f'{k.name}'\n\n\nHOST = 'https://a.invalid'\n"
    )
    return _sdist(
        {
            "demo/__init__.py": source,
            "demo/__pycache__/__init__.cpython-311.pyc": compiled(source),
            "tests/test_a.py": _HONEST,
            "tests/__pycache__/test_a.cpython-311-pytest-8.pyc": compiled(_OTHER),
            "tests/test_b.py": _HONEST,
            "tests/__pycache__/test_b.cpython-311.pyc": compiled(_OTHER),
        }
    )


def pyc_that_is_none() -> Archive:
    """A text under the name of a compiled file."""
    return _wheel({"demo/__init__.py": "", "demo/mod.pyc": "print('text')\n" * 4})


def pyc_called_data() -> Archive:
    """Compiled code under the name of data."""
    return _wheel({"demo/__init__.py": "", "demo/data.bin": compiled(_HONEST)})


def pyc_empty_or_old() -> Archive:
    """An empty compiled file, one of Python 2, one that is what it says."""
    old = struct.pack("<H", 62211) + b"\r\n" + bytes(60)
    files: dict[str, Content] = {"demo/__init__.py": "", "demo/a.pyc": b"", "demo/b.pyc": old}
    return _wheel({**files, "demo/c.pyc": compiled(_HONEST)})


class _Call:
    """What a pickle calls. Loading it would do nothing but what the function does with harmless arguments."""

    def __init__(self, function: Callable[..., object], *args: object) -> None:
        self.function, self.args = function, args

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.function, self.args


def pickle_that_calls() -> Archive:
    """A pickle that evaluates an expression."""
    return _wheel({"demo/__init__.py": "", "demo/model.pkl": pickle.dumps(_Call(eval, "1 + 1"), 4)})


def pickle_in_model() -> Archive:
    """The same in the zip archive of a model, by the names that Python 2 used."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("archive/data.pkl", b"c__builtin__\neval\n(S'1 + 1'\ntR.")
    return _wheel({"demo/__init__.py": "", "demo/weights.pt": packed.getvalue()})


def pickle_of_arrays() -> Archive:
    """An array of objects, one of which calls."""
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    body = pickle.dumps([_Call(eval, "1 + 1")], 3)
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body
    return _wheel({"demo/__init__.py": "", "demo/table.npy": data})


def pickle_of_data() -> Archive:
    """What models hold: classes of torch, numpy and scikit-learn, by their own helpers; a test's bad pickle."""
    torch = b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\nq\x00(X\x07\x00\x00\x00storageK\x01tR."
    numpy = b"\x80\x02cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00tR}X\x03\x00\x00\x00posK\x01sb."
    forest = b"\x80\x04\x8c\x16sklearn.ensemble._forest\x8c\x16RandomForestClassifier\x93)\x81}b."
    return _wheel(
        {
            "demo/__init__.py": "",
            "demo/a.pt": torch,
            "demo/b.pkl": numpy,
            "demo/c.joblib": forest,
            "demo/d.pkl": pickle.dumps({"posix": ["os", b"subprocess"]}, 4),
            "demo/tests/bad.pkl": pickle.dumps(_Call(eval, "1 + 1"), 4),
        }
    )


#: What any extension module calls, and a string or two of one.
_PLAIN = elf(
    imports=["PyModule_Create2", "memcpy", "malloc"],
    exports=["PyInit__speed"],
    libraries=["libc.so.6"],
    strings=b"a document string\0https://example.com/docs\0powershell is a shell\0",
)


def native_honest() -> Archive:
    """An extension module for each system, and a launcher of an installer."""
    return _wheel(
        {
            "demo/__init__.py": "from demo._speed import fast, version\n\n__version__ = version()\n",
            "demo/_speed.cpython-311-x86_64-linux-gnu.so": _PLAIN,
            "demo/_speed.cp311-win_amd64.pyd": pe(
                {"KERNEL32.dll": ["VirtualAlloc", "Sleep"]}, exports=["PyInit__speed"], strings=b"text\0"
            ),
            "demo/_speed.cpython-311-darwin.so": macho(
                imports=["PyModule_Create2"],
                exports=["PyInit__speed"],
                libraries=["/usr/lib/libSystem.B.dylib"],
            ),
            "demo/t64.exe": pe({"KERNEL32.dll": ["CreateProcessW"]}, library=False),
            "demo/broken.so": _PLAIN[:90],
        }
    )


def native_with_secrets() -> Archive:
    """A library whose strings name a browser's store; and one that names it in two bytes a character."""
    place = "C:\\demo\\AppData\\Local\\Example\\User Data\\Default\\Login Data"
    return _wheel(
        {
            "demo/__init__.py": "",
            "demo/_a.so": elf(strings=b"x\0" + place.encode() + b"\0y"),
            "demo/_b.pyd": pe({}, strings=b"\0\0" + place.encode("utf-16-le") + b"\0\0"),
        }
    )


def native_with_outlet() -> Archive:
    """A library whose strings name a bot's address."""
    return _wheel(
        {"demo/__init__.py": "", "demo/_a.so": elf(strings=b"\0https://api.telegram.org/bot%s/sendNothing\0")}
    )


def native_with_commands() -> Archive:
    """A library whose strings hold a command line of PowerShell."""
    line = b"powershell -WindowStyle Hidden -Command Write-Output nothing\0"
    return _wheel({"demo/__init__.py": "", "demo/_a.pyd": pe({}, strings=line)})


def native_packed() -> Archive:
    """A library with the sections of a packer, and one whose code is noise."""
    noise = bytes((place * place * 31 + (place >> 3) * 17 + place) % 251 for place in range(1 << 15))
    return _wheel(
        {
            "demo/__init__.py": "",
            "demo/_a.pyd": pe({"KERNEL32.dll": ["LoadLibraryA"]}, section="UPX1"),
            "demo/_b.so": elf(code=noise),
        }
    )


def native_injecting() -> Archive:
    """A library that imports what starts code in another process."""
    names = ["OpenProcess", "WriteProcessMemory", "CreateRemoteThread"]
    return _wheel({"demo/__init__.py": "", "demo/_a.pyd": pe({"KERNEL32.dll": names})})


def native_frozen() -> Archive:
    """A program with an archive of Python behind it."""
    program = pe({"KERNEL32.dll": ["CreateProcessW"]}, library=False)
    return _wheel(
        {
            "demo/__init__.py": "",
            "demo/tool.exe": program + bytes(64) + b"MEI\x0c\x0b\x0a\x0b\x0e" + bytes(80),
        }
    )


def native_only_in_sdist() -> Archive:
    """An sdist of a built extension module."""
    return _sdist(
        {"setup.py": "", "demo/__init__.py": "", "demo/_speed.cpython-311-x86_64-linux-gnu.so": _PLAIN}
    )


def native_built_by_accident() -> Archive:
    """The same beside its source."""
    return _sdist(
        {
            "setup.py": "",
            "demo/__init__.py": "",
            "demo/_speed.cpython-311-x86_64-linux-gnu.so": _PLAIN,
            "src/_speed.c": "int main(void);\n",
        }
    )


def native_loaded() -> Archive:
    """A package that calls into its extension module and does nothing else."""
    files: dict[str, Content] = {
        "demo/__init__.py": "from demo._speed import begin\n\nbegin()\n",
        "demo/_speed.cpython-311-x86_64-linux-gnu.so": _PLAIN,
    }
    return _wheel(files)


def native_initialised() -> Archive:
    """A package with Python of its own that initialises its extension module."""
    lines = "\n".join(
        f"def function_{number}(value):\n    return value + {number}\n\n" for number in range(200)
    )
    files: dict[str, Content] = {
        "demo/__init__.py": f"from demo._speed import begin\n\n\n{lines}\nbegin()\n",
        "demo/_speed.cpython-311-x86_64-linux-gnu.so": _PLAIN,
    }
    return _wheel(files)


BINARY_RECIPES: dict[str, Callable[[], Archive]] = {
    one.__name__: one
    for one in (
        pyc_without_source,
        pyc_forgotten,
        pyc_of_another_source,
        pyc_with_another_host,
        pyc_of_its_source,
        pyc_that_is_none,
        pyc_called_data,
        pyc_empty_or_old,
        pickle_that_calls,
        pickle_in_model,
        pickle_of_arrays,
        pickle_of_data,
        native_honest,
        native_with_secrets,
        native_with_outlet,
        native_with_commands,
        native_packed,
        native_injecting,
        native_frozen,
        native_only_in_sdist,
        native_built_by_accident,
        native_loaded,
        native_initialised,
    )
}
