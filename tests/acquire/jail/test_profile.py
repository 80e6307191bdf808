"""Profiles: what they say, how they extend one another, and what is no profile."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from stockade import limits
from stockade.acquire.jail import shipped_generated
from stockade.acquire.jail.plan import Kind
from stockade.acquire.jail.profile import NAMES, load
from stockade.errors import BadPolicy, NoPolicy


@pytest.mark.parametrize("name", NAMES)
def test_those_that_ship_show_no_home_and_bound_what_is_used(name: str, tmp_path: Path) -> None:
    found = load(name, tmp_path)
    assert found.names[0] == name and found.names[-1] == "base" and found.purpose
    assert (Kind.EMPTY, "{home}") in found.paths and (Kind.EMPTY, "/tmp") in found.paths
    assert found.network == ("gate" if name == "install" else "none")
    assert found.required == (name == "detonate")
    assert found.ceilings.processes and found.ceilings.file_size and found.ceilings.open_files
    assert found.put["HOME"] == "{home}"
    # By name, and never "all but": no pattern matches what only looks like a setting.
    assert not [one for one in found.keep if one.endswith("*") and len(one) < 4]


def test_those_that_ship_are_what_their_files_say() -> None:
    folder = Path(shipped_generated.__file__).parents[2] / "data/jail"
    read = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    assert read == shipped_generated.TABLES, "run tools/gen_jail_profiles.py"
    assert set(read) == {"base", *NAMES}


def test_one_extends_its_neighbour_and_not_what_lies_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "mine.toml").write_text('extends = "other.toml"')
    (tmp_path / "other.toml").write_text('purpose = "good"')
    (tmp_path / "here/other.toml").write_text('purpose = "bad"')
    monkeypatch.chdir(tmp_path / "here")
    assert load("../mine.toml", Path()).purpose == "good"


def test_one_adds_to_what_it_extends(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        """
extends = "test"
network = "host"
walls = "required"
[paths]
read = ["/srv/data"]
hidden = ["{project}/keys"]
[environment]
keep = ["MY_*"]
drop = ["PATH", "TMPDIR"]
set = { ONE = "1" }
[limits]
seconds = 5
memory = "3 MiB"
file-size = "7"
"""
    )
    mine, test = load("mine", tmp_path), load("test", tmp_path)
    assert mine.names == ("mine", "test", "run", "base")
    assert (mine.network, mine.required, mine.purpose) == ("host", True, test.purpose)
    assert mine.paths == (*test.paths, (Kind.READ, "/srv/data"), (Kind.HIDDEN, "{project}/keys"))
    assert "MY_*" in mine.keep and "PATH" not in mine.keep and "PATH" in test.keep
    assert (mine.put.get("TMPDIR"), mine.put["ONE"]) == (None, "1")
    assert (mine.ceilings.seconds, mine.ceilings.memory, mine.ceilings.file_size) == (5, 3 << 20, 7)
    assert mine.ceilings.processes == test.ceilings.processes
    assert load(str(tmp_path / "mine.toml"), Path("/nowhere")).paths == mine.paths


def test_one_by_path_extends_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "b"')
    (tmp_path / "b.toml").write_text('purpose = "b"')
    assert load(str(tmp_path / "a.toml"), Path("/nowhere")).purpose == "b"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('network = "some"', "network is one of none, gate, host"),
        ('walls = "some"', "walls is one of required, told"),
        ("nothing = 1", "knows no 'nothing'"),
        ("[paths]\nreed = []", "knows no 'reed'"),
        ('[paths]\nread = "/usr"', "a list of texts"),
        ("[paths]\nread = [1]", "a list of texts"),
        ('[paths]\nread = ["usr"]', "'usr' must be absolute"),
        ('[environment]\nkeep = ["*"]', r"'\*' is not the name"),
        ("[environment]\nset = { A = 1 }", "A is set to something"),
        ("environment = 1", "a table is needed"),
        ("[limits]\nmemory = 1", "memory takes a size"),
        ('[limits]\nmemory = "much"', "memory takes a size"),
        ("[limits]\nprocesses = 0", "processes takes a whole number"),
        ("[limits]\nprocesses = true", "processes takes a whole number"),
        ("extends = 1", "extends takes the name"),
        ('extends = "it"', "it extends itself: it > it"),
        ("[", "is not valid TOML"),
        ("\0", "is not valid TOML"),
    ],
)
def test_what_is_none_is_refused(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "it.toml").write_text(text)
    with pytest.raises(BadPolicy, match=why):
        load("it", tmp_path)


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoPolicy, match="there is no profile gone"):
        load("gone", tmp_path)
    with pytest.raises(BadPolicy, match="neither the name"):
        load("../run", tmp_path)
    (tmp_path / "big.toml").write_bytes(b"#" * (limits.MAX_CONFIG + 1))
    with pytest.raises(BadPolicy, match="too big"):
        load("big", tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(BadPolicy, match="not UTF-8"):
        load("bytes", tmp_path)


def test_a_chain_has_an_end(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"a{number}.toml").write_text(f'extends = "a{number + 1}"')
    with pytest.raises(BadPolicy, match="extends itself"):
        load("a0", tmp_path)
