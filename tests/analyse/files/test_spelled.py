"""What a start-up line says once a readable exec is opened; whatever does more than ask and import stays as it is."""

from __future__ import annotations

import pytest

from stockade.analyse.files.spelled import spelled


@pytest.mark.parametrize(
    "inner",
    [
        "import demo",
        "import os\nif os.environ.get('A') or not os.getenv('B', ''):\n import demo",
        "import sys\nif sys.version_info >= (3, 8):\n import demo\nelse:\n pass",
        "try:\n import demo\nfinally:\n demo.on(1, slot='x')",
        "exec('import demo')",
        "try:\n import demo\nexcept (ImportError, demo.Broken):\n pass",
    ],
)
def test_plain_code_is_spelled_out(inner: str) -> None:
    line = f"import sys; exec({inner!r})"
    assert "exec" not in spelled(line)
    assert "import demo" in spelled(line)


@pytest.mark.parametrize(
    "inner",
    [
        "import subprocess",
        "import os\nos.system('x')",
        "from demo import run",
        "import demo\ndemo.run('" + "x" * 41 + "')",
        "import demo\ndemo.__dict__()",
        "try:\n import nothing\nexcept __import__('os').system('x'):\n pass",
        "try:\n import nothing\nexcept (ImportError, demo['x']):\n pass",
        "__builtins__.open('x')",
        "import demo\ndemo.run(demo.text)",
        "import demo\ndemo.run(*demo.words)",
        "import demo\nrun = demo.run",
        "import demo\ndemo.make().run()",
        "run()",
        "import os\nif os.remove('x'):\n import demo",
        "if [x for x in ()]:\n import demo",
        "eval('1')",
        "exec('import demo', {})",
        "exec(demo)",
        "exec(b'import demo')",
        "exec(\"exec('exec(1)')\")",
        "while True: pass",
        "'a text'",
        "not python",
    ],
)
def test_code_that_does_more_stays(inner: str) -> None:
    line = f"import sys; exec({inner!r})"
    assert spelled(line) == line


def test_an_exec_within_too_many_others_stays() -> None:
    line = "import demo"
    for _ in range(3):
        line = f"exec({line!r})"
    assert spelled(f"import sys; {line}") == f"import sys; {line}"


def test_a_line_of_a_model_file_costs_nothing() -> None:
    line = "import sys; exec(" + "(" * 100_000
    assert spelled(line) == line
