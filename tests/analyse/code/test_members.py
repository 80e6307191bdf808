"""Code that keeps what it executes in a file of its own artifact."""

from __future__ import annotations

import base64
import io
import time
import wave
import zlib

import pytest

from stockade import limits
from stockade.analyse.code.members import Members, shaped
from stockade.analyse.code.ops import Unfoldable
from stockade.model.artifact import Kind
from stockade.model.evidence import Phase
from tests.support.code import module_of, modules_of

_CODE = b"import os\nact(1)\n"
_PACKED = base64.b64encode(zlib.compress(_CODE))


def _sound(data: bytes) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(data)
    return made.getvalue()


_DATA = {
    "pkg/packed.bin": _PACKED,
    "pkg/plain.txt": _CODE,
    "pkg/deep/other.png": b"\x89PNG" + bytes(byte ^ 7 for byte in _CODE),
    "pkg/lines.txt": b"first\n" + base64.b64encode(_CODE) + b"\nlast\n",
    "pkg/sound.wav": _sound(base64.b64encode(_CODE)),
    "one/twice.bin": _PACKED,
    "two/twice.bin": _PACKED,
}


_LOADED = (
    "def load(p):\n    with open(p) as f:\n        return base64.b64decode(f.read())\n"
    "exec(zlib.decompress(load('packed.bin')))"
)


def _acts(text: str, path: str = "pkg/mod.py") -> list[int]:
    """The layers in which ``act(1)`` is called."""
    module = modules_of({path: text}, data=_DATA)[path]
    return [call.where.layer for call in module.calls if call.target == "?.act"]


@pytest.mark.parametrize(
    "text",
    [
        "exec(open('plain.txt').read())",
        "exec(open(os.path.join(os.path.dirname(__file__), 'plain.txt')).read())",
        "with open(os.path.dirname(os.path.abspath(__file__)) + '/plain.txt') as f:\n    exec(f.read())",
        "exec(compile(open('plain.txt').read(), 'x', 'exec'))",
        "exec(pathlib.Path(__file__).parent.joinpath('plain.txt').read_text())",
        "exec((pathlib.Path(__file__).parent / 'plain.txt').read_bytes())",
        "exec(pathlib.Path('pkg/plain.txt').open().read())",
        "exec(pkgutil.get_data('pkg', 'plain.txt'))",
        "exec((importlib.resources.files('pkg') / 'plain.txt').read_text())",
        "exec(importlib.resources.read_text('pkg', 'plain.txt'))",
        "exec(zlib.decompress(base64.b64decode(open('packed.bin', 'rb').read())))",
        "exec(zlib.decompress(base64.b64decode(open('..\\\\pkg\\\\packed.bin').read().strip().encode())))",
        "d = open('packed.bin').read()\ne = base64.b64decode(d)\nexec(zlib.decompress(e).decode())",
        _LOADED,
        "d = open('deep/other.png', 'rb').read()[4:]\nexec(bytes(c ^ 7 for c in d))",
        "d = open(f'{here}/deep/other.png', mode='rb').read()\no = ''\nfor c in d[4:]:\n    o += chr(c ^ 7)\nexec(o)",
        "def x(d):\n    return bytes(c ^ 7 for c in d)\nexec(x(open('deep/other.png', 'rb').read()[4:]))",
        "exec(base64.b64decode(open('lines.txt').readlines()[1]))",
        "exec(base64.b64decode(open('lines.txt').read().split('\\n')[1]))",
        "s = ''\nfor line in open('lines.txt'):\n    if '=' in line:\n        s += line\nexec(base64.b64decode(s))",
        "w = wave.open('sound.wav', 'rb')\nexec(base64.b64decode(w.readframes(w.getnframes())))",
        "exec(io.BytesIO(open('plain.txt', 'rb').read()).read())",
    ],
)
def test_a_data_file_is_a_layer(text: str) -> None:
    head = "import os, base64, zlib, pathlib, pkgutil, wave, io, importlib.resources\n"
    assert _acts(head + text) == [1]


@pytest.mark.parametrize(
    "text",
    [
        "#@ act(1)\nexec(open(__file__).read().splitlines()[0][3:])",
        "#@ act(1)\nexec(open(sys.argv[0]).read().splitlines()[0][3:])",
        "#@ act(1)\nexec(open(os.path.realpath(sys.argv[0])).read().splitlines()[0][3:])",
        "#@ act(1)\nfor line in open(__file__):\n    if line[:2] == '#@':\n        exec(line[3:])",
        "'''act(1)'''\nexec(__doc__)",
        "def f():\n    '''act(1)'''\nexec(f.__doc__)",
    ],
)
def test_a_file_that_reads_itself(text: str) -> None:
    assert _acts(text) == [1]


@pytest.mark.parametrize(
    "text",
    [
        "exec(open('/pkg/plain.txt').read())",
        "exec(open('none.txt').read())",
        "exec(open('twice.bin').read())",
        "exec(open(unknown).read())",
        "exec(open('plain.txt', 'w').read())",
        "exec(open(unknown + '/').read())",
        "exec(zlib.decompress(open('plain.txt', 'rb').read()))",
        "exec(open('deep/other.png').read())",
        "exec(wave.open('plain.txt').readframes(9))",
        "exec(str(open('plain.txt').read(), unknown))",
        "def f(p):\n    return open(p, 'w').read()\nexec(f('plain.txt'))",
        "def f(p):\n    with lock:\n        return open(p).read()\nexec(f('plain.txt'))",
    ],
)
def test_what_is_no_file_of_the_artifact_is_no_layer(text: str) -> None:
    assert _acts("import zlib, wave\n" + text) == []


def test_a_read_me_is_no_literal() -> None:
    text = "t = open('plain.txt').read()\nu = t + 'more' + t.replace('a', 'b')\ndef r(p):\n    return open(p).read()\n"
    files = {"setup.py": text + "setup(a=r('pkg/plain.txt') + 'end', b=u)"}
    module = modules_of(files, Kind.SDIST, data=_DATA)["setup.py"]
    assert not any("act(1)" in one.text for one in module.literals)


def test_another_module_that_is_executed_runs_when_this_does() -> None:
    files = {"setup.py": "exec(open('pkg/about.py').read())", "pkg/about.py": "act(1)", "pkg/__init__.py": ""}
    found = modules_of(files, Kind.SDIST)
    assert [call.where.layer for call in found["setup.py"].calls] == [0, 0, 0]
    assert found["pkg/about.py"].calls[0].phase is Phase.INSTALL


def test_without_an_artifact_nothing_is_read() -> None:
    assert all(call.where.layer == 0 for call in module_of("exec(open('plain.txt').read())").calls)


def test_reads_are_bounded() -> None:
    data = {f"pkg/{number}.bin": b"act(1)" for number in range(40)}
    data["pkg/long.bin"] = b"#" * (limits.MAX_FOLDED + 1)
    text = "".join(f"exec(open('{name}.bin').read())\n" for name in ("long", *range(40)))
    module = modules_of({"pkg/mod.py": text}, data=data)["pkg/mod.py"]
    assert 10 < sum(call.target == "?.act" for call in module.calls) < 30
    members = Members(data, lambda path, limit: data[path][:limit], str)
    with pytest.raises(Unfoldable):
        members.read("pkg/long.bin")
    assert members.find("x" * 500, "pkg/mod.py") == ""


def test_what_no_reader_could_take() -> None:
    with pytest.raises(Unfoldable):
        shaped(b"\xff", "t")
    with pytest.raises(Unfoldable):
        shaped(b"RIFF", "w")


_PICTURE = b"\x89PNG\r\n\x1a\n....IEND\xaeB`\x82"
_READ = "data = open('icon.png', 'rb').read()\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{_READ}exec(data[data.index(b'IEND') + 8:])",
        f"{_READ}end = data.rfind(b'IEND')\nexec(data[end + 4 * 2:])",
        f"{_READ}exec(data[len(data) - len(b'import os; os.system(1)'):])",
        "f = open('icon.png', 'rb')\nf.seek(20)\nexec(f.read())",
        "f = open('icon.png', 'rb')\nf.seek(-23, 2)\nexec(f.read())",
    ],
)
def test_what_lies_behind_a_picture_is_a_layer(text: str) -> None:
    data = {"pkg/icon.png": _PICTURE + b"import os; os.system(1)"}
    found = modules_of({"pkg/mod.py": text}, data=data)["pkg/mod.py"]
    assert [one.where.layer for one in found.calls if one.target == "os.system"] == [1]


@pytest.mark.parametrize("seek", ["f.seek(-3, 1)", "f.seek(at)", "f.seek(0, 2)"])
def test_a_place_that_is_not_said_is_not_guessed(seek: str) -> None:
    data = {"pkg/icon.png": b"import os; os.system(1)"}
    text = f"f = open('icon.png', 'rb')\n{seek}\nf.read()"
    assert modules_of({"pkg/mod.py": text}, data=data)["pkg/mod.py"]


def test_content_that_is_made_of_itself_over_and_over_ends_at_a_bound() -> None:
    text = _READ + "data = data[data.find(b'P') - 1:]\n" * 200 + "exec(data)\n"
    before = time.process_time()
    found = modules_of({"pkg/mod.py": text}, data={"pkg/icon.png": _PICTURE * 1000})["pkg/mod.py"]
    assert time.process_time() - before < 5
    assert not [one for one in found.calls if one.where.layer]


def test_a_file_that_the_user_names_is_not_the_running_one() -> None:
    for named in ("sys.argv[1]", "os.path.abspath(sys.argv[1])", "os.path.realpath(path)"):
        assert _acts(f"import os, sys\n#@ act(1)\nexec(open({named}).read().splitlines()[1][3:])") == [], (
            named
        )
