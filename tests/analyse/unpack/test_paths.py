"""Where members would lie."""

from __future__ import annotations

import pytest

from stockade.analyse.unpack import logical
from stockade.analyse.unpack.paths import resolved
from stockade.model.artifact import Kind


@pytest.mark.parametrize(
    ("path", "kind", "root", "place"),
    [
        ("demo/a.py", Kind.WHEEL, None, "demo/a.py"),
        ("./demo/a.py", Kind.WHEEL, None, "demo/a.py"),
        ("demo-1.0.data/purelib/demo/a.py", Kind.WHEEL, None, "demo/a.py"),
        ("demo-1.0.data/platlib/x.pth", Kind.WHEEL, None, "x.pth"),
        ("demo-1.0.data/scripts/run", Kind.WHEEL, None, "demo-1.0.data/scripts/run"),
        ("demo-1.0.data/data/lib/python3.12/site-packages/x.pth", Kind.WHEEL, None, "x.pth"),
        ("demo-1.0.data/data/Lib/site-packages/x.pth", Kind.WHEEL, None, "x.pth"),
        ("demo-1.0.data/data/share/x", Kind.WHEEL, None, "demo-1.0.data/data/share/x"),
        ("demo-1.0/src/demo/a.py", Kind.SDIST, None, "src/demo/a.py"),
        ("setup.py", Kind.SDIST, None, "setup.py"),
        ("demo-1.0/a.py", Kind.SDIST, "", "demo-1.0/a.py"),
        ("demo-1.0/a.py", Kind.SDIST, "demo-1.0", "a.py"),
        ("./demo-1.0/a.py", Kind.SDIST, "demo-1.0", "a.py"),
        ("pkg/a.py", Kind.ARCHIVE, None, "pkg/a.py"),
        ("pkg/a.py", Kind.FOLDER, None, "pkg/a.py"),
        ("///etc/x", Kind.SDIST, "", "etc/x"),
    ],
)
def test_logical(path: str, kind: Kind, root: str | None, place: str) -> None:
    assert logical(path, kind, root) == place


def test_resolved() -> None:
    assert resolved("a/./b//../c") == "a/c"
    assert resolved("a/../../b") is None
    assert resolved("") == ""
