"""Pickles and models, read and never loaded."""

from __future__ import annotations

import base64
import collections
import datetime as dt
import marshal
import os
import pathlib
import pickle
import random
import subprocess
from collections.abc import Callable

import pytest

from stockade import limits
from stockade.analyse.bytecode.pickles import unpickled
from stockade.analyse.bytecode.reach import dangerous
from stockade.analyse.files.kinds import file_fact
from stockade.analyse.files.models import Look, look_at_model
from stockade.model.artifact import Kind, Member


class Call:
    """Pickled as a call of a function; nothing here loads one."""

    def __init__(self, function: Callable[..., object], *args: object) -> None:
        self.function, self.args = function, args

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.function, self.args


def look(data: bytes, path: str = "demo/data.pkl") -> Look | None:
    """What one member of a wheel gives."""
    member = Member(path=path, size=len(data))
    return look_at_model(member, data, file_fact(member, data, Kind.WHEEL))


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Call(os.system, "true"), "import os\n_p0 = os.system('true')\n"),
        (
            [1, {"k": Call(subprocess.Popen, ["true", "-x"])}],
            "import subprocess\n_p0 = subprocess.Popen(['true', '-x'])\n",
        ),
        (Call(eval, "1 + 1"), "_p0 = eval('1 + 1')\n"),
        (
            Call(getattr, Call(__import__, "os"), "name"),
            "_p0 = __import__('os')\n_p1 = getattr(_p0, 'name')\n",
        ),
    ],
)
def test_calls_are_written_down(value: object, text: str, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    found = unpickled(data)
    assert found.text == text and found.called and not found.broken
    seen = look(data)
    assert seen is not None and seen.text == text and seen.facts


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    "value",
    [
        dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        collections.OrderedDict(a=1),
        collections.Counter("aab"),
        pathlib.PurePosixPath("/x"),
        {"a": [1, 2.5, b"c", (None, True)], "os": "posix.system"},
        {frozenset({1}), "set"},
        Call(collections.Counter, {"a": 1}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_data_is_silent(value: object, protocol: int) -> None:
    data = pickle.dumps(value, protocol)
    found = unpickled(data)
    assert (found.names, found.lines, found.broken) == ({}, [], "")
    seen = look(data)
    assert seen is not None and not seen.facts


@pytest.mark.parametrize(
    "data",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"(S'true'\nios\nsystem\n.",
        b"Vos\nVsystem\n\x93Vtrue\n\x85R.",
        b"V\\u006fs\nVsystem\n\x93Vtrue\n\x85R.",
        b"(cos\nsystem\nVtrue\no.",
        b"\x80\x02cnt\nsystem\nq\x00X\x04\x00\x00\x00trueq\x01\x85q\x02h\x00h\x02R.",
        b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x04true\x94\x85\x94R\x94.",
        b"N.cos\nsystem\n(S'true'\ntR.",
    ],
)
def test_each_way_to_spell_a_call(data: bytes) -> None:
    found = unpickled(data)
    assert any(line.endswith("= os.system('true')") for line in found.lines)
    seen = look(data)
    assert seen is not None and seen.facts[0].names == ("os.system",) and seen.facts[0].called


def test_a_name_behind_bytes_that_cannot_be_followed_is_seen() -> None:
    broken = b"\x80\x02cnumpy\nndarray\n(K\x00t\xff\xff\xffcposix\nsystem\n(S'true'\ntR."
    seen = look(broken)
    assert seen is not None
    assert seen.facts[0].names == ("os.system",) and not seen.facts[0].called
    assert "up to a point" in seen.gaps[0].why


def test_a_keras_lambda_is_read() -> None:
    code = compile("lambda x: __import__('os').getcwd()", "x.py", "eval").co_consts[0]
    text = base64.b64encode(marshal.dumps(code)).decode()
    layer = f'{{"class_name": "Lambda", "config": {{"function": ["{text}", null, null]}}}}'
    seen = look(layer.encode(), "m/config.json")
    assert seen is not None and "__import__('os').getcwd()" in seen.text
    assert look(b'{"class_name": "Dense"}', "m/config.json") is None


@pytest.mark.parametrize(
    ("path", "data", "known"),
    [
        ("a.npy", b"\x93NUMPY\x01\x00" + bytes(80), True),
        ("a.safetensors", bytes(40), True),
        ("a.pt", b"PK\x03\x04" + bytes(80), True),
        ("a.bin", b"\x00\x01\x02" * 40, False),
        ("a.txt", b"text", False),
        ("a.pkl", b"\x78\x9c" + bytes(40), False),
    ],
)
def test_which_files_are_known(path: str, data: bytes, known: bool) -> None:
    assert (look(data, path) is not None) is known


def test_a_pickle_is_read_under_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PICKLE_STEPS", 20)
    seen = look(pickle.dumps([list(range(99)), "subprocess"]))
    assert seen is not None and "more than is read" in seen.gaps[0].why


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_damage_hurts_nobody() -> None:
    whole = pickle.dumps([Call(os.system, "true"), {"a": (1, 2)}, Call(eval, "1")], 2)
    chance, read = random.Random(5), 0
    for _ in range(2000):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        read += bool(unpickled(bytes(data[: chance.randint(1, len(data))])))
    assert read, "some are read as far as they go"


@pytest.mark.parametrize(
    ("module", "name", "is_dangerous"),
    [
        ("os", "system", True),
        ("os", "stat_result", False),
        ("posix", "popen", True),
        ("builtins", "eval", True),
        ("builtins", "set", False),
        ("__builtin__", "exec", True),
        ("http.cookiejar", "Cookie", False),
        ("http.client", "HTTPSConnection", True),
        ("urllib.request", "urlopen", True),
        ("numpy", "ndarray", False),
        ("torch._utils", "_rebuild_tensor_v2", False),
        ("torch", "load", True),
        ("sklearn.tree", "Tree", False),
    ],
)
def test_what_makes_more_than_objects(module: str, name: str, is_dangerous: bool) -> None:
    assert dangerous(module, name) is is_dangerous


def test_tuples_of_tuples_cost_no_more_than_their_bytes() -> None:
    """Each one holds the one before 64 times: written out, they would be 64 to the power of 40."""
    data = b"cos\nsystem\np0\n" + b"".join(
        b"(" + f"g{number}\n".encode() * 64 + f"tp{number + 1}\n".encode() for number in range(40)
    )
    found = unpickled(data + b"cos\nsystem\ng40\nR.")
    assert found.called and found.cut and len(found.text) < limits.MAX_FOLDED
