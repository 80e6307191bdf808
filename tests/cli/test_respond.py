"""``stockade respond --plan``: the whole story over a home and an environment that are made up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # its stubs would be one more dependency
import pytest

from stockade.act.report.json import schema_text
from tests.cli.conftest import Run
from tests.support.homes import CANARY, home, secret, write

NAME = "acloud-client"


def environment(root: Path, *, name: str = NAME, version: str = "1.0.1") -> Path:
    """A virtual environment that holds one package; nothing of it can be run."""
    site = root / "lib/python3.11/site-packages"
    module = name.replace("-", "_")
    write(root / "pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n")
    write(site / f"{module}/__init__.py", "KEY = None\n")
    info = site / f"{module}-{version}.dist-info"
    write(info / "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    write(info / "INSTALLER", "pip\n")
    write(info / "RECORD", f"{module}/__init__.py,,\n{info.name}/METADATA,,\n{info.name}/RECORD,,\n")
    return root


@pytest.fixture
def world(tmp_path: Path) -> tuple[Path, Path]:
    root = home(tmp_path / "made")
    use = "import acloud_client\nacloud_client.connect(profile='production', key=SHOP_SECRET_KEY)\n"
    write(root / "jobs/train.py", use)
    write(root / "jobs/.env", f"SHOP_SECRET_KEY={secret('shop')}\n")
    return root, environment(tmp_path / "venv")


def test_a_plan(run: Run, world: tuple[Path, Path]) -> None:
    root, env = world
    done = run("respond", f"{NAME}==1.0.1", "--plan", "--env", env, "--home", root)
    assert done.code == 10, done.err
    assert CANARY not in done.out + done.err
    lines = done.out.splitlines()
    assert lines[0] == f"1. Where {NAME}==1.0.1 was"
    assert f"{NAME}==1.0.1 in {env} from" in " ".join(lines[1:3])
    assert "   ✗ passed: unknown token" in lines
    assert "~/jobs/train.py, line 1, imports it and names SHOP_SECRET_KEY" in done.out
    assert (
        "aws iam update-access-key --user-name USER --access-key-id AKIAFAKE1 --status Inactive" in done.out
    )
    assert "? readable, locked: SSH private key" in done.out
    assert (
        done.out.index("passed: unknown")
        < done.out.index("readable: AWS")
        < done.out.index("readable: Kaggle")
    )
    assert f"stockade audit {env} --fix" in done.out
    assert "not exposed" in done.out  # sign-ins that ended before it came
    assert lines[-1].endswith("Nothing was changed; treat what was within reach as taken.")


def test_it_touches_nothing(run: Run, world: tuple[Path, Path]) -> None:
    root, env = world

    def state() -> dict[str, tuple[int, bytes]]:
        files = [path for folder in (root, env) for path in folder.rglob("*") if path.is_file()]
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}

    before = state()
    run("respond", NAME, "--plan", "--env", env, "--home", root)
    assert state() == before


def test_a_document_is_as_published(run: Run, world: tuple[Path, Path]) -> None:
    root, env = world
    done = run("respond", NAME, "--plan", "--env", env, "--home", root, "--format", "json")
    document = json.loads(done.out)
    jsonschema.Draft202012Validator(json.loads(schema_text("stockade-response-1"))).validate(document)
    assert document["window"]["end"] is None
    assert document["exposures"][0]["level"] == "passed"
    assert document["uses"] == [{"where": "~/jobs/train.py", "line": 1}]
    assert CANARY not in done.out


def test_what_was_deleted_still_counts(run: Run, tmp_path: Path) -> None:
    env = environment(tmp_path / "venv")
    root = tmp_path / "h"
    write(root / ".vault-token", secret("v"))
    write(root / ".pgpass", f"x.invalid:5432:a:me:{secret('p')}\n")
    run("creds", "snapshot", "--home", root)
    (root / ".vault-token").unlink()
    run("creds", "snapshot", "--home", root)
    done = run("respond", NAME, "--plan", "--env", env, "--home", root)
    assert done.code == 10
    assert "readable: Vault/OpenBao token" in done.out
    assert "that it was deleted takes it from no thief" in " ".join(done.out.split())
    assert done.out.splitlines()[-1].startswith("2 credentials within reach, 0 not.")


def test_an_environment_that_is_gone_is_known_from_the_ledger(run: Run, tmp_path: Path) -> None:
    env = environment(tmp_path / "venv")
    write(tmp_path / "h/.vault-token", secret("v"))
    assert run("audit", env).code == 0
    shutil.rmtree(env / "lib/python3.11/site-packages/acloud_client-1.0.1.dist-info")
    run("audit", env)
    done = run("respond", NAME, "--plan", "--env", env, "--home", tmp_path / "h", "--format", "json")
    assert done.code == 10, done.err
    document = json.loads(done.out)
    (stay,) = document["stays"]
    assert (stay["release"], stay["place"]) == (f"{NAME}==1.0.1", str(env))
    assert stay["gone"] is not None and document["window"]["end"] == stay["gone"]


def test_nothing_in_reach(run: Run, tmp_path: Path) -> None:
    env = environment(tmp_path / "venv")
    done = run("respond", NAME, "--plan", "--env", env, "--home", tmp_path / "here")
    assert done.code == 0
    assert done.out.splitlines()[-1].startswith("0 credentials within reach, 0 not.")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["absent", "--plan"], 3, "absent is in no environment here, and no audit or gate ever saw it"),
        ([f"{NAME}==9", "--plan"], 3, f"{NAME}==9 is in no environment here"),
        ([f"{NAME}>=1", "--plan"], 2, "write it as NAME or NAME==VERSION"),
        (["!", "--plan"], 2, "is not a requirement"),
        ([NAME], 2, "respond only plans so far"),
    ],
)
def test_what_cannot_be_planned_is_told(
    run: Run, world: tuple[Path, Path], words: list[str], code: int, said: str
) -> None:
    root, env = world
    done = run("respond", *words, "--env", env, "--home", root)
    assert done.code == code
    assert said in done.err


def test_no_environment(run: Run, tmp_path: Path) -> None:
    done = run("respond", NAME, "--plan", "--env", tmp_path / "here", "--home", tmp_path / "here")
    assert (done.code, "is no environment" in done.err) == (3, True)
