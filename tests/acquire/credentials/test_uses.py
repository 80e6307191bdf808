"""Code that imports a package, and the credentials that it names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.uses import uses
from stockade.model.credential import Credential, Kind, Place
from stockade.model.exposure import Use
from tests.support.homes import write


def held(*places: Place, principal: str = "") -> Credential:
    return Credential(provider="AWS", kind=Kind.ACCESS_KEY, principal=principal, places=places)


VARIABLE = held(Place(where="$AWS_SECRET_ACCESS_KEY"))
PROFILE = held(Place(where="~/.aws/credentials", item="profile production"), principal="AKIAFAKE")
DOTENV = held(Place(where="~/shop/.env", item="SHOP_TOKEN"))
PLAIN = held(Place(where="~/.aws/credentials", item="profile default"))


def found(root: Path, *modules: str) -> list[Use]:
    return list(uses(Home(root=root), modules, [VARIABLE, PROFILE, DOTENV, PLAIN]))


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import cloud_sdk\n", 1),
        ("import os\nfrom cloud_sdk.auth import key\n", 2),
        ("if 1:\n    import os, cloud_sdk\n", 2),
        ("import cloud_sdk as x\n", 1),
        ("import cloud_sdk2\n", None),
        ("# import cloud_sdk\n", None),
        ('"cloud_sdk"\n', None),
        ("from other import cloud_sdk\n", None),
    ],
)
def test_what_imports_it(tmp_path: Path, code: str, line: int | None) -> None:
    write(tmp_path / "jobs/x.py", code)
    assert [one.line for one in found(tmp_path, "cloud_sdk")] == ([line] if line else [])


def test_what_it_names(tmp_path: Path) -> None:
    code = 'import cloud_sdk\ncloud_sdk.login(os.environ["AWS_SECRET_ACCESS_KEY"], profile="production")\n'
    write(tmp_path / "x.py", code)
    write(tmp_path / "y.py", "import cloud_sdk\nSHOP_TOKEN = 1\n")
    made = {one.where: one.names for one in found(tmp_path, "cloud_sdk")}
    assert made == {
        "~/x.py": ((0, "AWS_SECRET_ACCESS_KEY"), (1, "production")),
        "~/y.py": ((2, "SHOP_TOKEN"),),
    }


def test_a_notebook(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["import cloud_sdk\n"]},
        {"cell_type": "code", "source": ["x = 1\n", "import cloud_sdk\n"]},
    ]
    write(tmp_path / "a.ipynb", json.dumps({"cells": cells}))
    write(tmp_path / "b.ipynb", json.dumps({"cells": cells[:1]}))
    write(tmp_path / "c.ipynb", "import cloud_sdk no json")
    write(tmp_path / "d.ipynb", json.dumps(["import cloud_sdk"]))
    assert [(one.where, one.line) for one in found(tmp_path, "cloud_sdk")] in (
        [("~/a.ipynb", 2), ("~/c.ipynb", 1)],
        [("~/c.ipynb", 1), ("~/a.ipynb", 2)],
    )


def test_nothing_is_asked(tmp_path: Path) -> None:
    write(tmp_path / "x.py", "import cloud_sdk\n")
    assert found(tmp_path) == found(tmp_path, "") == []


def test_many_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_USES", 2)
    for number in range(4):
        write(tmp_path / f"{number}.py", "import cloud_sdk\n")
    said: list[str] = []
    home = Home(root=tmp_path, say=lambda sentence, where: said.append(sentence))
    assert len(list(uses(home, ["cloud_sdk"], []))) == 2
    assert said == ["only the first 2 files that import it are told"]
