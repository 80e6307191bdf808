"""Code inside code."""

from __future__ import annotations

import base64
import marshal
import zlib

import pytest

from tests.support.code import calls_of, module_of, targets_of

PICKLE = b"cos\nsystem\n(S'true'\ntR."


@pytest.mark.parametrize(
    "text",
    [
        "exec('import a\\nact(1)')",
        "exec(b'act(1)')",
        "exec('\\ufeff  act(1)')",
        "eval('act(1)')",
        "exec(compile('act(1)', 'x', 'exec'))",
        "exec(compile(source='act(1)', filename='x', mode='exec'))",
        f"import base64, zlib\nexec(zlib.decompress(base64.b64decode({base64.b64encode(zlib.compress(b'act(1)'))!r})))",
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'act(1)'])",
        "import subprocess, sys\nsubprocess.run(args=('python3', '-c', 'act(1)'))",
        "import os\nos.system('python3 -c \"act(1)\"')",
        "open('x.py', 'w').write('import a\\nact(1)\\n# some more text for its length')",
        "from pathlib import Path\nPath('x.py').write_text('import a\\nact(1)\\n# some more text for its length')",
        "open('x.py', 'wb').write(b'import a\\nact(1)\\n# some more text for its length')",
        "open('x.py', 'w').write(f'import a\\nact(1)\\n# some more text for its length {unknown}')",
    ],
)
def test_a_layer_is_walked(text: str) -> None:
    (call,) = [call for call in module_of(text).calls if call.target == "?.act"]
    assert call.where.layer == 1
    assert call.where.line == text.count("\n") + 1
    assert call.args[0].const == 1
    assert "act(1)" in call.excerpt


@pytest.mark.parametrize(
    "text",
    [
        "exec(unknown)",
        "exec('not python at all')",
        "exec('')",
        "exec(1)",
        "exec()",
        "exec('\\x00')",
        "import subprocess\nsubprocess.run(['sh', '-c', 'act(1)'])",
        "import subprocess\nsubprocess.run(['-c'])",
        "import subprocess\nsubprocess.run(['x', '-c'])",
        "import subprocess\nsubprocess.run(3)",
        "import os\nos.system('ls')",
        "f.write('short')",
        "f.write(1)",
        "f.write('a long text that is no code, it only says import this and that is all')",
    ],
)
def test_what_is_no_layer(text: str) -> None:
    assert all(call.where.layer == 0 for call in module_of(text).calls)


def test_layers_nest_and_share_names() -> None:
    module = module_of("exec(\"import os\\nexec('os.system(1)')\")\nos.getcwd()")
    found = {call.target: call.where for call in module.calls}
    assert found["os.system"].layer == 2 and found["os.system"].line == 1
    assert found["os.getcwd"].layer == 0


def test_functions_of_a_layer_know_their_layer() -> None:
    (call,) = [
        call for call in module_of("exec('def f():\\n    act(1)\\nf()')").calls if call.target == "?.act"
    ]
    assert call.where.layer == 1 and call.excerpt == "act(1)"


@pytest.mark.parametrize("module", ["pickle", "_pickle", "cloudpickle"])
def test_the_calls_of_a_pickle_are_a_layer(module: str) -> None:
    text = f"import {module}, base64\n{module}.loads(base64.b64decode({base64.b64encode(PICKLE).decode()!r}))"
    (call,) = [call for call in module_of(text).calls if call.target == "os.system"]
    assert call.args[0].const == "true" and call.where.layer == 1


@pytest.mark.parametrize("data", [b"", b"(lp0\n.", b"\xff", b"cos\nstat_result\n(tR."])
def test_a_pickle_of_data_is_none(data: bytes) -> None:
    module = module_of(f"import pickle\npickle.loads({data!r})")
    assert {call.target for call in module.calls} == {"pickle.loads"}


def _marshalled() -> str:
    code = compile("import os\nos.system('true')\n", "mod.py", "exec")
    return f"marshal.loads(base64.b64decode({base64.b64encode(marshal.dumps(code)).decode()!r}))"


@pytest.mark.parametrize(
    "runs",
    [
        "types.FunctionType({}, globals())()",
        "types.LambdaType({}, {{}})()",
        "types.FunctionType(code={}, globals=globals())()",
        "types.LambdaType({}, globals())()",
        "type(lambda: 0)({}, globals())()",
        "def f(): pass\ntype(f)({}, globals())()",
        "def f(): pass\nf.__code__ = {}\nf()",
        "make = type(lambda: 0)\nmake({}, globals())()",
    ],
)
def test_a_function_made_of_marshalled_code_is_a_layer(runs: str) -> None:
    made = calls_of(f"import base64, marshal, types\n{runs.format(_marshalled())}\n")
    assert made["os.system"].where.layer == 1


def test_a_function_made_of_compiled_code_is_walked_once() -> None:
    text = "import types\ntypes.FunctionType(compile('import os\\nos.system(1)', '', 'exec'), {})()\n"
    assert targets_of(text).count("os.system") == 1


@pytest.mark.parametrize(
    "made", ["f.__code__ = g.__code__", "type(3)('4')", "type(x)(1)", "type('C', (), {})"]
)
def test_other_types_and_other_code_are_no_layer(made: str) -> None:
    found = module_of(f"def f(): pass\ndef g(): pass\n{made}\n")
    assert not [one for one in found.calls if one.where.layer]
