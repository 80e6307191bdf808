"""What is wrong with a command line ends with 2, and says what to do next."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.index import TwinIndex


@pytest.mark.parametrize("command", [("serve",), ("check", "alpha"), ("run", "--")])
@pytest.mark.parametrize("option", ["--index-url", "--extra-index-url"])
def test_an_index_that_is_neither_a_url_nor_a_folder(run: Run, command: tuple[str, ...], option: str) -> None:
    end = ("python", "--version") if command[0] == "run" else ()
    for value in ("nonsense", "localhost:8080/simple", " "):
        ran = run(command[0], f"{option}={value}", *command[1:], *end)
        assert ran.code == 2
        assert f"{option} {value!r} is neither a URL nor a folder that exists" in ran.err
        assert "Write it as https://HOST/simple/" in ran.err


def test_a_folder_that_exists_is_an_index(run: Run) -> None:
    Path("wheels").mkdir()
    ran = run("check", "alpha", "--index-url", "wheels")
    assert ran.code == 3 and "no project alpha" in ran.err
    gone = (Path.cwd() / "gone").as_uri()
    assert run("check", "alpha", "--index-url", gone).code == 3


@pytest.mark.parametrize(
    "words",
    [
        ("check", "alpha"),
        ("scan", "."),
        ("run", "--", "python", "--version"),
        ("serve",),
        ("audit",),
        ("allow", "alpha==1", "--sha256", "0" * 64, "--because", "a test"),
    ],
)
def test_a_policy_that_is_named_and_not_there(run: Run, index: TwinIndex, words: tuple[str, ...]) -> None:
    for name, said in (("none.toml", "there is no policy file none.toml"), (".", ". is a folder")):
        ran = run(words[0], "--policy", name, *words[1:])
        assert ran.code == 2, ran.err
        assert said in ran.err
        assert "Check the path" in ran.err


def test_a_policy_that_names_what_is_not_there(run: Run) -> None:
    Path("stockade.toml").write_text('[yara]\nrules = ["gone.yar"]\n')
    ran = run("scan", ".")
    assert ran.code == 2 and "there is no such file" in ran.err
    assert run("policy", "check", "gone.toml").code == 2


def test_a_server_in_front_is_an_address(run: Run) -> None:
    ran = run("serve", "--behind", "*")
    assert ran.code == 2 and "an address such as 127.0.0.1" in ran.err


def test_the_hint_names_the_command(run: Run) -> None:
    ran = run("run")
    assert ran.code == 2
    assert "See `stockade run --help`." in ran.err
    ran = run("scan", ".", "--nonsense")
    assert ran.code == 2
    assert ran.err.startswith("usage: stockade scan ")
    assert "stockade scan: error: unrecognized arguments: --nonsense" in ran.err
    assert run("--nonsense").code == 2
