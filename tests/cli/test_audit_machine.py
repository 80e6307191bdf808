"""A whole machine: environments that real tools made, with what must not be in them planted, and one audit of all."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acquire.environments.making import Made, conda
from tests.acquire.environments.test_clients import _BASE as BASE
from tests.acquire.environments.test_clients import index, machine, made  # noqa: F401 - two are fixtures
from tests.remember.test_feeds import put
from tests.support import advisories
from tests.support.clients import client
from tests.support.gated import Gated, uv

pytestmark = pytest.mark.slow

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


def planted(root: Path) -> Made:
    """An environment that is there already, to plant things in."""
    one = Made.__new__(Made)
    one.root, one.version = root, VERSION
    return one


def audited(here: Gated, *words: object) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit code, and what was found in each environment below the machine's folder, by kind and name of its root."""
    done = here.stockade(
        "audit", "--all", "--root", here.folder, "--format", "json", "--output", "report.json", *words
    )
    report = json.loads((here.project / "report.json").read_text())
    own = [one for one in report["environments"] if one["root"].startswith(str(here.folder))]
    return done.code, {f"{one['kind']} {Path(one['root']).name}": one for one in own}


def loud(environment: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["kind"], one["project"]) for one in environment["findings"] if one["action"] != "allow"}


def test_every_environment_is_found_and_what_was_planted_is_named(machine: Gated) -> None:  # noqa: F811
    made(machine, BASE, "-m", "venv", "env")
    made(machine, machine.project / "env/bin/pip", "install", "alpha")
    made(machine, client("pipx").program("pipx"), "install", "tool")
    made(machine, uv(), "tool", "install", "--force", "-p", BASE, "tool")  # pipx's command has the same name
    site = f"lib/python{VERSION}/site-packages"
    conda(
        machine.folder / "conda",
        "demo",
        {f"{site}/demo.py": "ONE = 1\n", "bin/python": "", f"{site}/r.txt": ""},
    )
    _, before = audited(machine, "--no-code")
    assert {"virtualenv env", "pipx tool", "uv-tool tool", "conda conda"} <= set(before)
    assert {name: loud(one) for name, one in before.items() if loud(one)} == {}

    # 1. Unauthorised by the lock; 2. an edited file; 3. a start-up file of nobody; 4. the campaign's release.
    (machine.project / "requirements.txt").write_text("alpha\n")
    planted(machine.project / "env").install("stranger")
    pipx = next(one for name, one in before.items() if name == "pipx tool")["root"]
    edited = Path(pipx, site, "beta/__init__.py")
    edited.unlink()  # uv links one file into several environments
    edited.write_text("import os\n")
    tool = next(one for name, one in before.items() if name == "uv-tool tool")["root"]
    planted(Path(tool)).write("zz.pth", "import os\n")
    planted(machine.project / "env").install("acloud-client", "1.0.1")
    put(machine.folder / "data/feeds", *advisories.incident_records())

    code, after = audited(machine, "--no-code")
    assert code == 10
    assert loud(after["pipx tool"]) == {("changed-file", "beta")}
    assert loud(after["uv-tool tool"]) == {("orphan-startup", "")}
    assert loud(after["virtualenv env"]) == {("malicious", "acloud-client")}
    assert loud(after["conda conda"]) == set()
    done = machine.stockade("audit", "--no-code", "--against", "requirements.txt", "env")
    assert done.code == 10
    assert "stranger 1.0" in done.said and "nothing says that it may be here" in done.said
    assert "MAL-2025-2929" in done.said and "alpha 1.0" not in done.said


def test_the_code_of_a_tool_s_environment_is_judged(machine: Gated) -> None:  # noqa: F811
    made(machine, uv(), "tool", "install", "-p", BASE, "tool")
    root = machine.home / ".local/share/uv/tools/tool"
    done = machine.stockade("audit", root, "--format", "json", "--output", "report.json")
    assert done.code == 0, done.said
    (found,) = json.loads((machine.project / "report.json").read_text())["environments"]
    assert {one["project"]: one["action"] for one in found["artifacts"]} == {"tool": "allow", "beta": "allow"}
