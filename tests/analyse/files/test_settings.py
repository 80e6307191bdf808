"""Configuration of editors and agents: which files, which duties, whatever the JSON is like."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import limits
from stockade.analyse.files.facts import Duty
from stockade.analyse.files.settings import is_settings
from stockade.analyse.files.settings import settings as told


def duties(raw: object, path: str = ".claude/settings.json") -> list[tuple[Duty, str]]:
    """(duty, text) of each setting in a file."""
    text = raw if isinstance(raw, str) else json.dumps(raw)
    return [(one.duty, one.text) for one in told(path, text.encode(), installed=False)]


@pytest.mark.parametrize(
    "path",
    [
        ".claude/settings.json",
        "demo-1.0/.claude/settings.local.json",
        "a/.vscode/tasks.json",
        ".vscode/settings.json",
        "a/demo.code-workspace",
        ".mcp.json",
        "a/mcp.json",
        ".cursor/mcp.json",
        ".cursor/rules/a.mdc",
        "a/CLAUDE.md",
        "AGENTS.md",
        ".github/copilot-instructions.md",
        ".claude/commands/a/b.md",
        ".devcontainer/devcontainer.json",
        ".devcontainer/a/devcontainer.json",
    ],
)
def test_files_that_count(path: str) -> None:
    assert is_settings(path)


@pytest.mark.parametrize(
    "path", ["settings.json", "demo/agents.py", "vscode/tasks.json", "README.md", "a.mcp.json.txt"]
)
def test_files_that_do_not(path: str) -> None:
    assert not is_settings(path)


def test_comments_and_trailing_commas() -> None:
    text = """{
      // a comment with "quotes"
      "tasks": [{"command": "echo https://a.invalid/ // kept", "runOptions": {"runOn": "folderOpen"},}, /* more */],
    }"""
    assert duties(text, ".vscode/tasks.json") == [(Duty.RUNS, "echo https://a.invalid/ // kept")]


def test_a_task_that_somebody_starts_is_none() -> None:
    assert (
        duties({"tasks": [{"command": "make", "runOptions": {"runOn": "default"}}]}, ".vscode/tasks.json")
        == []
    )


def test_hooks_of_every_shape() -> None:
    nested = {
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "a", "args": ["b", 1]}]}], "Start": "c"}
    }
    assert sorted(duties(nested)) == [(Duty.RUNS, "a b"), (Duty.RUNS, "c")]
    assert duties({"hooks": {"Stop": [{"type": "prompt", "prompt": "x"}]}}) == []
    assert duties({"statusLine": {"type": "command", "command": "s"}}) == [(Duty.RUNS, "s")]
    assert duties({"apiKeyHelper": "k"}) == [(Duty.RUNS, "k")]
    shapes = {"initializeCommand": ["a", "b"], "postCreateCommand": {"one": "c"}}
    assert sorted(duties(shapes, "devcontainer.json")) == [(Duty.RUNS, one) for one in ("a", "b", "c")]


def test_servers() -> None:
    raw = {"mcpServers": {"a": {"command": "uvx", "args": ["b"]}, "c": {"url": "https://c.example/"}, "d": 1}}
    assert duties(raw, ".mcp.json") == [(Duty.SERVES, "uvx b")]
    assert duties({"servers": {"a": {"command": ["x", "y"]}}}, "mcp.json") == [(Duty.SERVES, "x y")]


def test_whom_an_agent_talks_to() -> None:
    raw = {"env": {"ANTHROPIC_BASE_URL": "https://a.invalid", "HTTPS_PROXY": "b", "PATH": "c"}}
    assert duties(raw) == [
        (Duty.REDIRECTS, "ANTHROPIC_BASE_URL=https://a.invalid"),
        (Duty.REDIRECTS, "HTTPS_PROXY=b"),
    ]


def test_what_an_agent_may() -> None:
    raw = {"enableAllProjectMcpServers": True, "permissions": {"defaultMode": "bypassPermissions"}}
    assert {text for _, text in duties(raw)} == {"enableAllProjectMcpServers", "defaultMode"}
    assert duties({"enableAllProjectMcpServers": 1, "permissions": {"defaultMode": "plan"}}) == []


def test_instructions_are_text_whatever_they_hold() -> None:
    assert duties('{"hooks": 1}', "CLAUDE.md") == [(Duty.INSTRUCTS, '{"hooks": 1}')]


def test_lines() -> None:
    text = '{\n "hooks": {"a": [\n  {"command": "say \\"x\\""}]},\n "env": {\n  "OPENAI_API_BASE": "y"}}'
    lines = {one.duty: one.where.line for one in told(".claude/settings.json", text.encode(), installed=True)}
    assert lines == {Duty.RUNS: 3, Duty.REDIRECTS: 5}


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, '"' * 500_000, "/*" * 250_000, "," * 500_000, '{"a":' * 5_000]
)
def test_hostile_text_gives_nothing_quickly(text: str) -> None:
    begin = time.process_time()
    assert duties(text) == []
    assert time.process_time() - begin < 3


def test_more_values_than_anybody_has() -> None:
    raw = {"tasks": [{"command": "a", "runOptions": {"runOn": "folderOpen"}}] * limits.MAX_SETTINGS}
    assert 0 < len(duties(raw)) <= limits.MAX_SETTINGS
    assert (
        0 < len(duties({"hooks": {"a": [{"command": "a"}] * 2 * limits.MAX_SETTINGS}})) <= limits.MAX_SETTINGS
    )


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["hooks", "env", "command", "args", "mcpServers", "runOptions", "statusLine"]),
            inner,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=80)
@given(_JSON)
def test_any_json(raw: object) -> None:
    for duty, text in duties(raw):
        assert isinstance(text, str) and duty in Duty
