"""Code objects as Python text: what their instructions do must still be there for our reader."""

from __future__ import annotations

import ast
import base64
import importlib.util
import marshal
import random
import time
import zlib
from pathlib import Path

import pytest

import stockade
from stockade import limits
from stockade.analyse.bytecode.decompile import code_text, recovered
from stockade.analyse.bytecode.marshalled import Compiled, NotMarshal, compiled, unmarshalled
from stockade.analyse.bytecode.opcodes import instructions
from tests.support.code import module_of


def text_of(source: str) -> str:
    """The text that comes back of a source compiled by this interpreter."""
    found = code_text(marshal.dumps(compile(source, "x.py", "exec")))
    assert found is not None
    assert not found.cut
    ast.parse(found.text)
    return found.text


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("import os", "import os"),
        ("import os.path", "import os.path"),
        ("import a.b.c as d", "import a.b.c as d"),
        ("import a as b", "import a as b"),
        ("from a.b import c as d, e", "from a.b import c as d\nfrom a.b import e"),
        ("from . import x", "from . import x"),
        ("from ..a import x", "from ..a import x"),
        ("from a import *", "from a import *"),
        ("f(1, 'a', k=b)", "f(1, 'a', k=b)"),
        ("f(*a, **k)", "f(*a, **{**k})"),
        ("f(1, *a)", "f(1, *a)"),
        ("a.b.c(d[0])", "a.b.c(d[0])"),
        ("x = {'a': y, 'b': [1, 2, z]}", "x = {'a': y, 'b': [1, 2, z]}"),
        ("x = [1, 2, 3, 4]", "x = [1, 2, 3, 4]"),
        ("x = {1, 2, y}", "x = {1, 2, y}"),
        ("x = a[1:b]", "x = a[1:b]"),
        ("x = a[::-1]", "x = a[::(-1)]"),
        ("x = a[:, 1]", "x = a[(slice(None, None), 1)]"),
        ("x = -y + 2 * ~z", "x = ((-y) + (2 * (~z)))"),
        ("x = a if f(b) else c", "x = (a if f(b) else c)"),
        ("x = a or b", "x = (a or b)"),
        ("x = a and b", "x = (a and b)"),
        ("x = f'{a}-{b!r:>3}'", "x = (str(a) + '-' + str(b))"),
        ("x.y = 1\nx['z'] = 2", "x.y = 1\nx['z'] = 2"),
        ("x += 1", "x = (x + 1)"),
        ("a, b = f(c)", "_t1 = f(c)\na = _t1[0]\nb = _t1[1]"),
        ("a, *b = c", "a = c[0]\nb = c[1:]"),
        ("assert a in b, f()", "raise AssertionError(f())"),
        ("with open(a) as f:\n    f.read()", "f = open(a)\nf.read()"),
        ("for x in y:\n    f(x)", "for _t1 in y:\n x = _t1\n f(x)"),
        ("if f(a):\n    g()\nelse:\n    h()\nk()", "if f(a):\n g()\nelse:\n h()\nk()"),
        ("if a is None:\n    g()", "if a is None:\n g()"),
        ("def f(a, b=2, *c, k, **d):\n    return g(a)", "def f(a, b=2, *c, k, **d):\n return g(a)"),
        ("def f():\n    global x\n    x = 1", "def f():\n global x\n x = 1"),
        ("async def f():\n    await g(1)", "def f():\n g(1)"),
        ("def f():\n    yield g(1)", "def f():\n (yield g(1))"),
        ("class A(B):\n    v = 1\n    def f(self): h()", "class A(B):\n v = 1\n def f(self):\n  h()"),
        ("@d(1)\ndef f(): g()", "def f():\n g()\nf = d(1)(f)"),
        ("x = [f(y) for y in z]", "_t1.append(f(y))"),
        ("x = {f(y): 1 for y in z}", "[f(y)] = 1"),
        ("x = lambda a: g(a)", "def x(a):\n return g(a)"),
        ("try:\n    f()\nexcept E:\n    g()", "f()"),
        ("try:\n    f()\nfinally:\n    g()", "f()\ng()"),
        ("while f():\n    g()", "g()"),
        (
            "def f(s):\n    class A(type(s)):\n        def g(self): return super().h(s)\n    return A",
            "super().h(s)",
        ),
        ("del a[f()]", ""),
    ],
)
def test_text_comes_back(source: str, wanted: str) -> None:
    assert wanted in text_of(source)


def test_names_that_no_source_can_hold_do_not_break_out() -> None:
    code = compile("a.b(c)", "x.py", "exec")
    odd = code.replace(co_names=("import os\nos.system('x')", "class", "d e"))
    found = code_text(marshal.dumps(odd))
    assert found is not None
    assert found.text == "getattr(_import_os_os_system__x__, 'class')(_d_e)\n"


@pytest.mark.parametrize(
    "text",
    [
        "import marshal\nexec(marshal.loads({data!r}))",
        "import marshal, base64, zlib\nexec(marshal.loads(zlib.decompress(base64.b64decode({packed!r}))))",
    ],
)
def test_marshalled_code_that_is_executed_is_a_layer(text: str) -> None:
    data = marshal.dumps(compile("import subprocess\nsubprocess.run(['x', '--y'])", "x.py", "exec"))
    packed = base64.b64encode(zlib.compress(data)).decode()
    module = module_of(text.format(data=data, packed=packed))
    (call,) = [one for one in module.calls if one.target == "subprocess.run"]
    assert call.where.layer == 1
    assert call.args[0].const == ["x", "--y"]
    executed = next(one for one in module.calls if one.target == "exec")
    assert executed.args[0].steps[-1] == "marshal"


def test_loads_of_other_bytes_is_not_known() -> None:
    module = module_of("import marshal\nexec(marshal.loads(b'nothing'))")
    assert not next(one for one in module.calls if one.target == "exec").args[0].known


def test_our_own_source_comes_back_whole() -> None:
    """Calls that the source spells by plain names are called in what comes back of its compiled form: all but a few of
    the thousands, wherever the sample falls."""
    calls = 0
    missing: list[tuple[Path, set[str]]] = []
    for path in sorted(Path(stockade.__file__).parent.rglob("*.py"))[::6]:
        source = path.read_text(encoding="utf-8")
        back = ast.parse(text_of(source))
        wanted = {ast.unparse(func) for func in map(_plainly_called, ast.walk(ast.parse(source))) if func}
        found = {ast.unparse(node.func) for node in ast.walk(back) if isinstance(node, ast.Call)}
        calls += len(wanted)
        if lost := wanted - found - {"super", "NewType", "TypeVar", "field"}:
            missing.append((path, lost))
    assert calls > 1000
    assert sum(len(lost) for _, lost in missing) <= 0.005 * calls, missing


def _plainly_called(node: ast.AST) -> ast.expr | None:
    if not isinstance(node, ast.Call):
        return None
    parts = ast.walk(node.func)
    return node.func if all(isinstance(one, (ast.Name, ast.Attribute, ast.Load)) for one in parts) else None


def test_hostile_instructions_end() -> None:
    whole = marshal.dumps(compile("import os\nfor x in y:\n    f(x and z, [os.name])\n", "x.py", "exec"))
    header = importlib.util.MAGIC_NUMBER + bytes(12)
    chance, read = random.Random(3), 0
    for _ in range(2000):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            text = recovered(compiled(header + bytes(data))).text
        except NotMarshal:
            continue
        read += bool(text)
    assert 0 < read < 2000, "some are read, and some are not even marshal data"


def test_values_that_double_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_INSTRUCTIONS", 500)
    found = recovered(Compiled(unmarshalled(marshal.dumps(compile("f()\n" * 400, "x.py", "exec"))), (3, 11)))  # type: ignore[arg-type]
    assert found.cut


def test_a_function_that_holds_itself_is_cut() -> None:
    inner = compile("def f():\n    def g(): pass\n", "x.py", "exec")
    outer = next(one for one in inner.co_consts if hasattr(one, "co_code"))
    found = compiled(
        importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(inner.replace(co_consts=(outer, None)))
    )
    function = found.code.consts[0]
    function.consts = tuple(function if hasattr(one, "code") else one for one in function.consts)  # type: ignore[attr-defined]
    result = recovered(found)
    assert result.cut
    ast.parse(result.text)


def _repeated(body: bytes, times: int, consts: tuple[object, ...]) -> bytes:
    """Marshal data of a code object whose instructions are `body`, many times."""
    code = compile("a", "x.py", "exec").replace(co_code=body * times, co_consts=consts)
    return marshal.dumps(code)


@pytest.mark.parametrize(
    "names", [("LOAD_CONST", "LIST_EXTEND"), ("LOAD_CONST", "UNPACK_SEQUENCE"), ("LOAD_CONST", "COPY")]
)
def test_work_that_multiplies_is_bounded(names: tuple[str, str]) -> None:
    numbers = {name: number for number, name in instructions((3, 11)).items()}
    first, second = (numbers[name] for name in names)
    body = bytes([numbers["BUILD_LIST"], 0]) + bytes([first, 0, second, 1]) * 50
    started = time.process_time()
    found = code_text(_repeated(body, 2000, (tuple(range(20_000)),)))
    assert found is not None
    assert time.process_time() - started < 60
