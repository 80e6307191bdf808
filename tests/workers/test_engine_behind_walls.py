"""The real analyser, in a fresh interpreter: what it imports or opens late must be there before the walls are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from stockade.analyse import engine
from stockade.analyse.options import Options
from stockade.model.assessment import Findings
from stockade.workers import in_process
from stockade.workers.warm import exercise, warm
from tests.support import archives
from tests.workers.making import artifact

SCRIPT = """
import hashlib, sys
from dataclasses import replace
from pathlib import Path
from stockade.model.artifact import Artifact, Kind
from stockade.workers import confined, finished

def artifact(path):
    data = path.read_bytes()
    kind = Kind.WHEEL if path.suffix == ".whl" else Kind.SDIST
    digest = hashlib.sha256(data).hexdigest()
    return Artifact(label=path.name, filename=path.name, kind=kind, path=str(path), sha256=digest, size=len(data))

found = [artifact(path) for path in sorted(Path(sys.argv[1]).iterdir())]
with confined(jobs=2) as apart:
    assert all(wall.up for wall in apart.walls), apart.walls
    behind = {one.label: replace(result, seconds=0) for one, result in apart.analyse(found)}
from stockade.workers import in_process
inside = {one.label: replace(result, seconds=0) for one, result in in_process().analyse(found)}
for name, result in behind.items():
    assert result == inside[name], f"{name}: {set(result.gaps) ^ set(inside[name].gaps)}"
assert all(map(finished, behind.values())), behind
for name, result in behind.items():
    print(name, result.project, result.version, len(result.evidence))
"""

COOKIES = (
    "latin-1",
    "cp1252",
    "koi8-r",
    "gb18030",
    "euc-jp",
    "shift_jis",
    "utf-16",
    "idna",
    "rot13",
    "no-such",
)
SOURCES: dict[str, str | bytes] = {
    **{f"p/{name.replace('-', '_')}.py": f"# coding: {name}\nexec(b'')\n".encode() for name in COOKIES},
    "p/__init__.py": "import base64, os\nos.system(base64.b64decode('ZWNobyBoaQ==').decode())\nx = '\\q'\n",
    "p/broken.py": "def (:\n",
    "p/nul.py": b"a = 1\0\n",
    "p/deep.py": "x = " + "(" * 150 + ")" * 150 + "\n",
    "p/native.so": b"\x7fELF" + bytes(100),
    "p/model.pkl": b"\x80\x04N.",
    "p/inner.zip": archives.zip_of(
        {"setup.py": "import socket\nsocket.create_connection(('a.invalid', 1))\n"}
    ),
    "setup.py": "import subprocess\nsubprocess.run(['true'])\n",
    "pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'own'\nbackend-path = ['.']\n",
}


def test_it_finds_the_same_behind_all_walls_as_without(tmp_path: Path) -> None:
    (tmp_path / archives.wheel_name("twin", "1.0")).write_bytes(archives.wheel("twin", "1.0", SOURCES))
    for form in ("tar.gz", "tar.bz2", "tar.xz", "zip"):
        name = archives.sdist_name("twin", "1.0", form)
        (tmp_path / name).write_bytes(archives.sdist("twin", "1.0", SOURCES, form=form))
    (tmp_path / "broken-1.0.tar.gz").write_bytes(b"\x1f\x8b" + bytes(50))
    (tmp_path / "empty-1.0.tar.gz").write_bytes(b"")

    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", SCRIPT, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert len(told) == 7
    project, version, evidence = told["twin-1.0-py3-none-any.whl"].split()
    assert (project, version, int(evidence) > 0) == ("twin", "1.0", True)


def test_warming_exercises_the_analyser_on_a_release_that_is_clean(tmp_path: Path) -> None:
    kept = []

    def keep(data: memoryview, **rest: Any) -> Findings:
        kept.append(engine.analyse(data, **rest))
        return kept[-1]

    exercise(keep, Options())

    assert [(one.project, one.version, one.gaps) for one in kept] == [("warm", "1", ())]
    assert kept[0].source_bytes == kept[0].parsed_bytes > 0, "so little is parsed whole"


def test_the_default_analyser_is_the_engine(tmp_path: Path) -> None:
    data = archives.wheel("twin", "1.0", SOURCES)
    one = artifact(tmp_path, data, name="twin-1.0-py3-none-any.whl")

    ((_, found),) = in_process(Options()).analyse([one])

    assert (found.project, found.version) == ("twin", "1.0")


def test_warming_imports_every_module_and_codec() -> None:
    warm(["stockade.model"])

    assert {"stockade.model.assessment", "encodings.gb18030", "encodings.idna", "lzma"} <= sys.modules.keys()
