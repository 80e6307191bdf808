"""The pure core cannot touch the world: held by reading its source, whatever a test run happens to import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import stockade

_ROOT = Path(stockade.__file__).parent
_PURE = ("model", "analyse", "decide")
_FORBIDDEN_MODULES = {
    "os",
    "subprocess",
    "socket",
    "httpx",
    "urllib.request",
    "http",
    "requests",
    "shutil",
    "tempfile",
}
_FORBIDDEN_CALLS = {"open", "eval", "exec", "compile", "__import__"}


def _sources() -> list[Path]:
    return sorted(path for name in _PURE for path in (_ROOT / name).rglob("*.py"))


def impurities(tree: ast.AST) -> Iterator[str]:
    """What a module does that the pure core must not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in _FORBIDDEN_MODULES or alias.name.split(".")[0] in _FORBIDDEN_MODULES:
                    yield f"line {node.lineno}: imports {alias.name}"
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            module = node.module or ""
            names = {module, module.split(".")[0], *(f"{module}.{alias.name}" for alias in node.names)}
            if names & _FORBIDDEN_MODULES:
                yield f"line {node.lineno}: imports from {module}"
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _FORBIDDEN_CALLS
        ):
            yield f"line {node.lineno}: calls {node.func.id}"


@pytest.mark.parametrize("path", _sources(), ids=lambda path: str(path.relative_to(_ROOT)))
def test_the_pure_core_does_not_touch_the_world(path: Path) -> None:
    assert list(impurities(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "import os.path",
        "from os import path",
        "from urllib import request",
        "import urllib.request as r",
        "def f():\n    import socket",
        "open('x')",
        "eval('1')",
        "exec('1')",
    ],
)
def test_the_check_sees_what_it_must(text: str) -> None:
    assert len(list(impurities(ast.parse(text)))) == 1


@pytest.mark.parametrize(
    "text", ["import osmium", "from . import os_names", "x.open()", "from urllib.parse import quote"]
)
def test_the_check_leaves_the_rest_alone(text: str) -> None:
    assert not list(impurities(ast.parse(text)))
