"""What agents send before they use a tool, and how they want to be answered.

Three shapes of requests are common, and each is answered in its own:

    {"tool_name": "Bash", "tool_input": {"command": "…"}}   nested: {"hookSpecificOutput": {"permissionDecision": …}}
    {"command": "…"}                                        flat:   {"permission": …, "decision": …}
    {"tool": "shell", "arguments": {"command": "…"}}        flat as well; the arguments may be JSON in a text
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = "stockade-hook-1"
ALLOW, ASK, DENY = "allow", "ask", "deny"
#: Where the command stands: the keys of a tool's arguments, and of a command in them.
_ARGUMENTS = ("tool_input", "arguments", "parameters", "params", "input", "args")
_COMMANDS = ("command", "cmd", "script", "code")
#: Keys that stand for a command whatever the tool; a `code` may be a number of something.
_SURELY = ("command", "cmd")


class UnreadableRequestError(ValueError):
    """A request that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an agent is about to do: the shell command, "" where it is none, and the folder, "" where it isn't said.

    `nested` says how it wants to be answered, `event` what it calls this moment, `given` its own arguments.
    """

    command: str = ""
    folder: str = ""
    nested: bool = False
    event: str = "PreToolUse"
    given: Mapping[str, Any]
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The decision, why, what would be installed, and the command to run in place of the one that was asked about."""

    decision: str
    reason: str
    installs: tuple[str, ...] = ()
    command: str = ""


def request(data: bytes) -> Request:
    """What was sent; raises UnreadableRequestError for what is no JSON object, and for a command that is no text."""
    try:
        sent = json.loads(data)
    except (ValueError, RecursionError):
        raise UnreadableRequestError("what the agent sent is no JSON") from None
    if not isinstance(sent, dict):
        raise UnreadableRequestError("what the agent sent is no JSON object")
    nested = "tool_input" in sent
    given, key = _arguments(sent)
    folder = next(
        (one for one in (_text(given, "cwd"), _text(given, "workdir"), _text(sent, "cwd")) if one), ""
    )
    return Request(
        command=_command(given.get(key)),
        folder=folder,
        nested=nested,
        event=_text(sent, "hook_event_name") or "PreToolUse",
        given=given,
        key=key,
    )


def _arguments(sent: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The object that the command stands in, and its key there ("" where there is none)."""
    inner = {name: _read(sent[name]) for name in _ARGUMENTS if name in sent}
    for one in [*inner.values(), sent]:
        for key in _COMMANDS if isinstance(one, dict) else ():
            if isinstance(one.get(key), str | list):
                return one, key
            if key in _SURELY and one.get(key) is not None:
                raise UnreadableRequestError("the command that the agent sent is neither a text nor words")
    # Arguments that are no object are the command itself.
    for name, value in inner.items():
        if isinstance(value, str | list):
            return {name: value}, name
        if not isinstance(value, dict | None):
            raise UnreadableRequestError(f"what the agent sent as {name} is neither an object nor a text")
    return sent, ""


def _read(value: Any) -> Any:
    """A value, or the object or list that it is when it is written as JSON in a text."""
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found if isinstance(found, dict | list) else value


def _command(value: object) -> str:
    """A command as one text; a list of words is quoted where it must be."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        import shlex

        return shlex.join(str(one) for one in value)
    return ""


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


def answered(asked: Request, answer: Answer, *, approve: bool = False) -> dict[str, Any]:
    """The answer in the shape of the request (schema: stockade-hook-1).

    "allow" would make an agent pass over its own rules and its question to the person, and all that is known here is
    that nothing bad is installed: so that word is given in an agent's own terms only where a person wants that, by
    `approve`.
    """
    word = answer.decision if answer.decision != ALLOW or approve else ""
    if asked.nested:
        inner: dict[str, Any] = {"hookEventName": asked.event}
        if answer.command:
            # A command that is put in place of another one must be approved by somebody.
            word = word or ASK
            inner["updatedInput"] = {**asked.given, asked.key: answer.command}
        if word:
            inner |= {"permissionDecision": word, "permissionDecisionReason": answer.reason}
        return {"hookSpecificOutput": inner}
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "decision": answer.decision,
        "reason": answer.reason,
        "installs": list(answer.installs),
    }
    return (
        told
        | ({"permission": word} if word else {})
        | ({"command": answer.command} if answer.command else {})
    )


def encoded(value: Mapping[str, Any]) -> str:
    """One line of plain ASCII."""
    return json.dumps(value, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def one_line(reasons: Sequence[str]) -> str:
    """Several reasons as one line."""
    return "; ".join(dict.fromkeys(reasons))
