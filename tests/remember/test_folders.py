"""Which policy applies, and where things are kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stockade import limits
from stockade.errors import BadPolicy, NoPolicy
from stockade.remember.folders import PolicyFile, cache_folder, config_folder, find_policy, waivers_path

PYPROJECT = "[tool.stockade]\nmode = 'monitor'\n"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"STOCKADE_CONFIG_DIR": str(tmp_path / "config"), "STOCKADE_CACHE_DIR": str(tmp_path / "cache")}


def found(start: Path, environ: dict[str, str], named: Path | None = None) -> Path | None:
    policy = find_policy(start, environ, named=named)
    return policy.path if policy else None


def put(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_environment_moves_both_folders(environ: dict[str, str], tmp_path: Path) -> None:
    assert cache_folder(environ) == tmp_path / "cache"
    assert config_folder(environ) == tmp_path / "config"


def test_else_they_are_the_platforms_own() -> None:
    assert cache_folder({}).name == "stockade" and config_folder({}).name == "stockade"
    assert cache_folder({}) != config_folder({})


def test_the_nearest_policy_wins(environ: dict[str, str], tmp_path: Path) -> None:
    work = tmp_path / "a" / "b" / "c"
    work.mkdir(parents=True)
    assert found(work, environ) is None
    config = put(tmp_path / "config" / "stockade.toml")
    assert found(work, environ) == config
    far = put(tmp_path / "a" / "stockade.toml")
    assert found(work, environ) == far
    near = put(tmp_path / "a" / "b" / "pyproject.toml", PYPROJECT)
    assert find_policy(work, environ) == PolicyFile(path=near, text=PYPROJECT, table=("tool", "stockade"))
    beside = put(tmp_path / "a" / "b" / "stockade.toml")
    assert find_policy(work, environ) == PolicyFile(path=beside, text="")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nname = 'x'",
        "# stockade\n[tool]",
        "tool = 'stockade'",
        "[tool.stockade",
        "[tool.stockades]",
    ],
)
def test_a_pyproject_without_the_table_is_passed_over(
    environ: dict[str, str], tmp_path: Path, text: str
) -> None:
    put(tmp_path / "pyproject.toml", text)
    assert found(tmp_path, environ) is None


@pytest.mark.parametrize("more", ["[" * 50_000, "1" * 5_000], ids=["deep", "long"])
def test_a_pyproject_that_overtaxes_a_parser_is_passed_over(
    environ: dict[str, str], tmp_path: Path, more: str
) -> None:
    put(tmp_path / "pyproject.toml", f"# stockade\na = {more}")
    assert found(tmp_path, environ) is None


def test_a_named_one_must_exist_and_is_all_that_counts(environ: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path / "stockade.toml")
    named = put(tmp_path / "other" / "mine.toml", "x")
    assert find_policy(tmp_path, environ, named=named) == PolicyFile(path=named, text="x")
    project = put(tmp_path / "other" / "pyproject.toml", "y")
    policy = find_policy(tmp_path, environ, named=project)
    assert policy is not None and policy.table == ("tool", "stockade")
    with pytest.raises(NoPolicy, match="there is no policy file"):
        find_policy(tmp_path, environ, named=tmp_path / "none.toml")
    with pytest.raises(NoPolicy, match="is a folder"):
        find_policy(tmp_path, environ, named=tmp_path)


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"\xff", "is not UTF-8 text"), (b" " * (limits.MAX_POLICY + 1), "is larger than")],
)
def test_a_policy_that_is_no_text(environ: dict[str, str], tmp_path: Path, body: bytes, said: str) -> None:
    (tmp_path / "stockade.toml").write_bytes(body)
    with pytest.raises(BadPolicy, match=said):
        find_policy(tmp_path, environ)


def test_a_policy_that_cannot_be_read(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "stockade.toml").symlink_to("stockade.toml")
    with pytest.raises(BadPolicy, match="cannot be read"):
        find_policy(tmp_path, environ)


@pytest.mark.skipif(os.geteuid() != 0, reason="waits for root: nobody else can make a file of another user")
def test_another_users_policy_further_up_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    work = tmp_path / "shared" / "work"
    work.mkdir(parents=True)
    planted = put(tmp_path / "shared" / "stockade.toml", "mode = 'monitor'")
    os.chown(planted, 12345, 12345)
    with pytest.raises(BadPolicy, match="belongs to another user; name it with --policy"):
        find_policy(work, environ)
    assert found(work, environ, named=planted) == planted
    os.chown(work, 12345, 12345)
    assert found(work, environ) == planted, "a checkout that belongs to somebody else as a whole is theirs"


def test_waivers_lie_beside_the_policy(environ: dict[str, str], tmp_path: Path) -> None:
    assert waivers_path(None, environ) == tmp_path / "config" / "stockade-waivers.toml"
    policy = PolicyFile(path=tmp_path / "p" / "stockade.toml", text="")
    assert waivers_path(policy, environ) == tmp_path / "p" / "stockade-waivers.toml"
