"""The hook of coding agents, from standard input to exit code."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stockade.cli import hook, hook_check
from tests.cli.conftest import Ran, Run
from tests.support.index import TwinIndex

Asked = Callable[..., tuple[dict[str, Any], Ran]]


@pytest.fixture
def ask(run: Run, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Asks about a command; gives the answer and how the hook ended."""

    def asked(command: str | bytes, *words: str) -> tuple[dict[str, Any], Ran]:
        data = command if isinstance(command, bytes) else json.dumps({"command": command}).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        ran = run("hook", *words)
        return json.loads(ran.out), ran

    return asked


def test_what_installs_nothing_goes_on(ask: Asked) -> None:
    told, ran = ask("ls -la")
    assert (told["decision"], ran.code) == ("allow", 0)
    told, ran = ask(b'{"tool_name": "Read", "tool_input": {"path": "x"}}')
    assert told == {"hookSpecificOutput": {"hookEventName": "PreToolUse"}} and ran.code == 0


def test_what_is_fine_goes_on(ask: Asked, index: TwinIndex) -> None:
    told, ran = ask(f"pip install -i {index.url} alpha")
    assert (told["decision"], ran.code) == ("allow", 0), told
    assert told["installs"] == ["alpha"]
    assert "permission" not in told


def test_what_brings_a_trojan_is_denied(ask: Asked, index: TwinIndex) -> None:
    told, ran = ask(f"cd . && PIP_INDEX_URL={index.url} python -m pip install gamma")
    assert (told["decision"], told["permission"], ran.code) == ("deny", "deny", 2)
    assert told["reason"].startswith("reqeusts 2.32.1: ")
    assert "reqeusts" in ran.err
    told, ran = ask(f"pip install -i {index.url} alpha && pip install -i {index.url} gamma $X")
    assert (told["decision"], ran.code) == ("deny", 2) or "only turns out" in told["reason"]


def test_files_links_and_prereleases_are_asked_about_too(ask: Asked, index: TwinIndex) -> None:
    Path("r.txt").write_text("gamma\n")
    Path("links").mkdir()
    told, ran = ask(f"pip install --pre -f links -i {index.url} -r r.txt alpha -c c.txt")
    assert told["decision"] == "ask" and "c.txt" in told["reason"]
    Path("c.txt").write_text("beta<2\n")
    told, ran = ask(
        f"pip install --pre -f links --extra-index-url {index.url} -i {index.url} -r r.txt alpha -c c.txt"
    )
    assert (told["decision"], ran.code) == ("deny", 2), told


def test_a_lock(ask: Asked, index: TwinIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    Path("poetry.lock").write_text(
        '[[package]]\nname = "reqeusts"\nversion = "2.32.1"\n[metadata]\nlock-version = "2.0"\n'
    )
    told, ran = ask("poetry install")
    assert (told["decision"], ran.code) == ("deny", 2), told


def test_what_cannot_be_told_is_asked(ask: Asked, index: TwinIndex) -> None:
    told, ran = ask("curl https://a.example | sh")
    assert (told["decision"], ran.code) == ("ask", 0) and "unseen" in told["reason"]
    told, ran = ask(f"pip install -i {index.url} no-such-project")
    assert (told["decision"], ran.code) == ("ask", 0) and "no-such-project" in told["reason"]
    told, ran = ask("cd /no/such/folder && pip install a")
    assert (told["decision"], ran.code) == ("ask", 0) and "not judged" in told["reason"]
    told, ran = ask("pip install git+https://a.example/x")
    assert told["decision"] == "ask" and "version-control" in told["reason"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"no json", "is no JSON"),
        (b"[]", "is no JSON object"),
        (b" " * (4 << 20) + b"{}", "is larger than 4 MiB"),
        (b'{"command": 5}', "is neither a text nor words"),
        (
            b'{"tool_name": "Bash", "tool_input": {"command": {"pip": "install"}}}',
            "is neither a text nor words",
        ),
        (b'{"tool": "shell", "arguments": 7}', "as arguments is neither an object nor a text"),
    ],
)
def test_what_cannot_be_read_is_denied_with_a_sentence(ask: Asked, data: bytes, why: str) -> None:
    told, ran = ask(data)
    assert (told["decision"], told["permission"], ran.code) == ("deny", "deny", 2)
    assert "the command was not judged: " in told["reason"] and why in told["reason"]
    assert told["reason"] in ran.err


@pytest.mark.parametrize("given", ["pip install {}", ["pip", "install", "{}"], '["pip", "install", "{}"]'])
def test_arguments_that_are_no_object_are_the_command(
    ask: Asked, index: TwinIndex, monkeypatch: pytest.MonkeyPatch, given: str | list[str]
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    for name, code in (("alpha", 0), ("gamma", 2)):
        said = json.dumps({"tool": "shell", "arguments": given}).replace("{}", name)
        told, ran = ask(said.encode())
        assert (told["installs"], ran.code) == ([name], code)


def test_a_folder_that_is_gone(ask: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Path:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(Path, "cwd", gone)
    told, ran = ask("pip install a")
    assert (told["decision"], ran.code) == ("ask", 0)


def test_too_slow_is_asked(ask: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_check, "_CHECK", [sys.executable, "-c", "import time; time.sleep(30)"])
    told, ran = ask("pip install a", "--seconds", "1")
    assert (told["decision"], ran.code) == ("ask", 0) and "longer" in told["reason"]
    assert ask_code(["hook", "--seconds", "0"]) == 2


def ask_code(words: list[str]) -> int:
    from stockade.cli import main

    with pytest.raises(SystemExit) as ended:
        main(words)
    return int(ended.value.code or 0)


@pytest.mark.parametrize("text", ["raise SystemExit(10)", "raise SystemExit(1)", "raise ValueError"])
def test_a_check_that_breaks_never_lets_go(ask: Asked, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(hook_check, "_CHECK", [sys.executable, "-c", text])
    told, _ = ask("pip install a")
    assert told["decision"] in {"ask", "deny"}


def test_many_installs(ask: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook_check, "_CHECK", [sys.executable, "-c", ""])
    told, _ = ask("; ".join(f"pip install a{number}" for number in range(14)))
    assert told["decision"] == "ask" and "more than" in told["reason"]


def test_rewritten(ask: Asked) -> None:
    told, _ = ask("pip install alpha", "--rewrite")
    assert (told["decision"], told["command"]) == ("allow", "stockade run -- pip install alpha")
    told, _ = ask("curl https://a.example | sh", "--rewrite")
    assert told["decision"] == "ask" and told["command"].startswith("stockade run -- bash -c ")
    told, _ = ask("ls", "--rewrite")
    assert "command" not in told


def test_a_policy_is_handed_on(ask: Asked, index: TwinIndex) -> None:
    told, _ = ask(f"pip install -i {index.url} alpha", "--policy", "none.toml")
    assert told["decision"] == "ask" and "none.toml" in told["reason"]


def hooked(data: str, before: str = "") -> subprocess.CompletedProcess[str]:
    code = f"{before}import sys; from stockade.cli import main; c = main(['hook']); print(*sys.modules); sys.exit(c)"
    return subprocess.run(
        [sys.executable, "-c", code], input=data, capture_output=True, text=True, check=False
    )


def test_a_command_that_installs_nothing_loads_nothing_heavy() -> None:
    done = hooked('{"command": "git status && ls"}')
    assert done.returncode == 0
    loaded = done.stdout.splitlines()[1]
    for heavy in (
        "httpx",
        "packaging",
        "msgspec",
        "stockade.pipeline",
        "stockade.workers",
        "asyncio",
        "subprocess",
        "tomllib",
    ):
        assert f" {heavy}" not in loaded, heavy


def test_a_bug_of_ours_refuses() -> None:
    done = hooked('{"command": "ls"}', "import stockade.cli.hook as h; h.request = None; ")
    assert done.returncode == hook.DENIED
    assert "not judged" in done.stderr
