"""An installed distribution against the RECORD of the wheel that was published."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.environments.published import not_as_published
from tests.acquire.environments.making import Made, put
from tests.support.archives import Content, as_bytes, record_hash, record_of


@pytest.fixture
def env(tmp_path: Path) -> Made:
    return Made(tmp_path / "env")


SCRIPT = b"#!python\nimport alpha\n"


def compare(
    env: Made, published: Mapping[str, Content] | bytes, said: list[str] | None = None
) -> dict[str, str]:
    """What differs, by its path in the environment."""
    raw = published
    if not isinstance(raw, bytes):
        held = {path: as_bytes(data) for path, data in raw.items()}
        raw = record_of(held, "alpha-1.0.dist-info/RECORD")
    (installed,) = env.inventory().installed
    notes = said if said is not None else []
    odd = not_as_published(env.environment(), installed, raw, note=notes.append)
    if said is None:
        assert notes == []
    return {os.path.relpath(one.path, env.root): one.detail for one in odd}


SITE = "lib/python3.12/site-packages"
META = "Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\nSummary: A test.\n\nA description.\n"
WHEEL = {"alpha.py": "ONE = 1\n", "alpha-1.0.dist-info/METADATA": META}


def test_as_published(env: Made) -> None:
    info = env.install("alpha", marks={"REQUESTED": "", "direct_url.json": "{}"})
    put(info / "RECORD", (info / "RECORD").read_bytes() + b"__pycache__/alpha.cpython-312.pyc,,\n")
    assert compare(env, WHEEL) == {}


def test_an_edit_that_its_own_record_hides(env: Made) -> None:
    env.install("alpha", files={"alpha.py": "import evil\n", "alpha/added.py": ""})
    assert env.oddities() == []
    assert compare(env, WHEEL | {"alpha/gone.py": "x"}) == {
        f"{SITE}/alpha.py": f"its digest is {record_hash(b'import evil' + bytes([10]))}, "
        f"{record_hash(b'ONE = 1' + bytes([10]))} was published",
        f"{SITE}/alpha/added.py": "the published wheel does not hold it",
        f"{SITE}/alpha/gone.py": "the published wheel holds it, and it isn't there",
    }


@pytest.mark.parametrize(
    "first",
    [
        b"#!/env/bin/python\n",
        b"#!/env/bin/python3.12 -E\n",
        b"#!/bin/sh\n'''exec' \"/a long path/bin/python\" \"$0\" \"$@\"\n' '''\n",
    ],
)
def test_what_installers_spread_and_rewrite(env: Made, first: bytes) -> None:
    published: dict[str, Content] = {
        **WHEEL,
        "alpha-1.0.data/scripts/run": SCRIPT,
        "alpha-1.0.data/scripts/tool": "#!/bin/sh\necho\n",
        "alpha-1.0.data/purelib/more.py": "x",
        "alpha-1.0.data/data/share/alpha.txt": "x",
        "alpha-1.0.data/headers/alpha.h": "x",
    }
    env.install(
        "alpha",
        files={
            "alpha.py": "ONE = 1\n",
            "../../../bin/run": first + b"import alpha\n",
            "../../../bin/tool": "#!/bin/sh\necho\n",
            "../../../bin/alpha": "#!/env/bin/python\n",
            "../../../bin/alpha3.12": "#!/env/bin/python\n",
            "more.py": "x",
            "../../../share/alpha.txt": "x",
            "../../../include/python3.12/alpha/alpha.h": "x",
        },
        marks={"entry_points.txt": "[console_scripts]\nalpha = alpha:main\n"},
    )
    published["alpha-1.0.dist-info/entry_points.txt"] = "[console_scripts]\nalpha = alpha:main\n"
    assert compare(env, published) == {}
    put(env.bin / "run", first + b"import evil\n")
    put(env.bin / "tool", "#!/bin/sh\nevil\n")
    put(env.root / "share/alpha.txt", "y")
    assert set(compare(env, published)) == {"bin/run", "bin/tool", "share/alpha.txt"}
    (env.bin / "run").unlink()
    assert compare(env, published)["bin/run"] == "the published wheel holds it, and it isn't there"


def test_a_record_that_is_none_and_files_that_cannot_be_read(env: Made) -> None:
    info = env.install("alpha")
    said: list[str] = []
    assert compare(env, b'"x\n', said) == {}
    assert compare(env, b"alpha.py,crc=1,1\nalpha-1.0.dist-info/METADATA,,\n", said) == {}
    (env.site / "alpha.py").unlink()
    os.mkfifo(env.site / "alpha.py")
    assert compare(env, WHEEL, said) == {}
    (info / "RECORD").unlink()
    compare(env, WHEEL, said)
    assert said == [
        "alpha 1.0 was not compared with what was published: RECORD is not valid CSV.",
        f"{env.site}/alpha.py was not compared: 'crc=1' is no digest that can be checked.",
        f"{env.site}/alpha.py cannot be read: it is not a regular file.",
        f"{env.site}/alpha.py cannot be read: it is not a regular file.",
        f"RECORD of {info} cannot be read: No such file or directory.",
    ]


def test_many_differences_are_counted(env: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    env.install("alpha", files={f"alpha/{number}.py": "" for number in range(9)})
    monkeypatch.setattr(limits, "MAX_SENTENCES", 5)
    said: list[str] = []
    assert len(compare(env, WHEEL, said)) == 5
    assert said == ["5 more files of alpha differ from what was published."]
