"""The agents' requests, and answers in their shapes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped] # its stubs would be one more dependency
import pytest

from stockade.act.gate.hook.reply import (
    ALLOW,
    ASK,
    DENY,
    SCHEMA,
    Answer,
    UnreadableRequestError,
    answered,
    encoded,
    request,
)
from stockade.act.report.json import schema_text

NESTED = {
    "hook_event_name": "PreToolUse",
    "tool_name": "Bash",
    "tool_input": {"command": "ls", "timeout": 5},
    "cwd": "/x",
}
FLAT = {"command": "ls", "cwd": "/x"}
ARGUMENTS = {"tool": "shell", "arguments": {"command": "ls", "workdir": "/x"}}


def read(value: Any) -> tuple[str, str, bool]:
    found = request(json.dumps(value).encode())
    return found.command, found.folder, found.nested


def test_common_shapes() -> None:
    assert read(NESTED) == ("ls", "/x", True)
    assert read(FLAT) == ("ls", "/x", False)
    assert read(ARGUMENTS) == ("ls", "/x", False)
    assert read({"name": "shell", "arguments": '{"cmd": ["bash", "-lc", "ls *"]}'}) == (
        "bash -lc 'ls *'",
        "",
        False,
    )


def test_what_runs_no_command() -> None:
    assert read({"tool_name": "Read", "tool_input": {"path": "/x"}}) == ("", "", True)
    assert read({"arguments": None, "command": None, "cwd": 2}) == ("", "", False)
    assert read({"tool": "exit", "arguments": {"code": 1}}) == ("", "", False)


def test_a_text_without_a_name_is_the_command() -> None:
    assert read({"arguments": "{"}) == ("{", "", False)
    assert read({"tool_input": "ls -l", "cwd": "/x"}) == ("ls -l", "/x", True)
    assert read({"input": '["ls", "a b"]'}) == ("ls 'a b'", "", False)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"cmd": true}',
        b'{"input": {"command": {}}}',
        b'{"args": 1}',
    ],
)
def test_what_cannot_be_read(data: bytes) -> None:
    with pytest.raises(UnreadableRequestError):
        request(data)


@pytest.mark.parametrize("asked", [NESTED, FLAT, ARGUMENTS])
@pytest.mark.parametrize("decision", [ALLOW, ASK, DENY])
@pytest.mark.parametrize("command", ["", "stockade run -- ls"])
@pytest.mark.parametrize("approve", [True, False])
def test_answers_keep_to_the_schema(asked: Any, decision: str, command: str, approve: bool) -> None:
    answer = Answer(decision=decision, reason="why\x7f\u202e", installs=("a",), command=command)
    told = answered(request(json.dumps(asked).encode()), answer, approve=approve)
    jsonschema.validate(told, json.loads(schema_text(SCHEMA)))
    line = encoded(told)
    assert line.isascii() and line.isprintable() is False and line.count("\n") == 1 and "\x7f" not in line


def test_an_agents_own_rules_hold_where_nothing_speaks_against_a_command() -> None:
    nested, flat = (request(json.dumps(one).encode()) for one in (NESTED, FLAT))
    allowed = Answer(decision=ALLOW, reason="fine")
    assert answered(nested, allowed) == {"hookSpecificOutput": {"hookEventName": "PreToolUse"}}
    assert "permission" not in answered(flat, allowed)
    assert answered(flat, allowed)["decision"] == ALLOW
    assert answered(nested, allowed, approve=True)["hookSpecificOutput"]["permissionDecision"] == ALLOW
    assert answered(flat, allowed, approve=True)["permission"] == ALLOW


def test_a_command_in_place_of_another_one() -> None:
    nested, flat = (request(json.dumps(one).encode()) for one in (NESTED, ARGUMENTS))
    answer = Answer(decision=ALLOW, reason="fine", command="new")
    inner = answered(nested, answer)["hookSpecificOutput"]
    assert inner["updatedInput"] == {"command": "new", "timeout": 5}
    assert inner["permissionDecision"] == ASK
    assert answered(flat, answer)["command"] == "new"
