"""What a profile holds of an artifact, and where it ends."""

from __future__ import annotations

import pytest

from stockade import limits
from stockade.analyse.engine import analyse
from stockade.analyse.identity.drift import drift
from stockade.model.artifact import Kind
from stockade.model.assessment import Findings
from stockade.model.profile import Profile
from stockade.model.project import Digest
from tests.support.archives import Content, sdist, sdist_name, wheel, wheel_name

ELF = b"\x7fELF" + bytes(60)


def test_an_sdists_paths_have_no_version_and_archives_inside_are_left_out() -> None:
    inner = wheel(
        "other", "1", {"other.pth": "import other\n", "other/x.so": ELF, "other/__init__.py": "print()\n"}
    )
    files: dict[str, Content] = {
        "setup.py": "",
        "src/thing/_fast.so": ELF,
        "src/thing/__init__.py": "import os\nos.popen('true').read()\n",
        "src/thing/start.pth": "import thing\n",
        "src/thing/other-1-py3-none-any.whl": inner,
    }
    data = sdist("thing", "1.0", files)
    filename = sdist_name("thing", "1.0")
    made = analyse(data, filename=filename, kind=Kind.SDIST, sha256=Digest("0" * 64), detectors=()).profile
    assert made.natives == ("thing/_fast.so",)
    assert [one.split()[0] for one in made.startup] == ["thing/start.pth"]
    assert [(one.target, one.top) for one in made.deeds] == [("os.popen", "thing")]


def findings(files: dict[str, Content], requires: tuple[str, ...] = ()) -> Findings:
    data = wheel("thing", "1.0", files, requires=requires)
    filename = wheel_name("thing", "1.0")
    return analyse(data, filename=filename, kind=Kind.WHEEL, sha256=Digest("0" * 64), detectors=())


def test_each_thing_once_at_its_first_place() -> None:
    text = "import os\nos.system('true')\nos.system('true')\nURL = 'https://User@API.one.invalid:80/x'\n"
    files: dict[str, Content] = {
        "thing/__init__.py": text,
        "thing.pth": "import thing\n",
        "thing/_fast.cpython-311-x86_64-linux-gnu.so": ELF,
        "thing.libs/libz-0a1b2c3d.so.1.3": ELF,
        "thing/.cache/x.JS": "",
    }
    made = findings(files).profile
    assert [(one.act.name, one.target, one.phase, one.where.line) for one in made.deeds] == [
        ("PROCESS", "os.system", "startup", 2)
    ]
    assert [one.name for one in made.hosts] == ["api.one.invalid"]
    assert [one.split()[0] for one in made.startup] == ["thing.pth"]
    assert made.natives == ("thing.libs/libz.so", "thing/_fast.so")
    assert made.kinds == (".cache/", ".js")
    assert made.tops == ("thing",)
    assert not made.full


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "printer.local", "db.localhost"])
def test_this_machine_is_no_host(name: str) -> None:
    assert findings({"thing/__init__.py": f"URL = 'http://{name}:80/x'\n"}).profile.hosts == ()


def test_a_profile_is_bounded_and_what_is_not_whole_is_compared_with_nothing() -> None:
    many: dict[str, Content] = {f"thing/a{number}.pyd": "" for number in range(limits.MAX_PROFILE + 5)}
    full = findings(many)
    assert full.profile.full
    assert len(full.profile.natives) == limits.MAX_PROFILE
    small = findings({"thing/__init__.py": ""})
    assert drift(small, full, "0.9", {}) == ()
    assert drift(full, small, "0.9", {})
    assert len(drift(full, small, "0.9", {})) < 20
    assert small.profile == Profile(tops=("thing",))
