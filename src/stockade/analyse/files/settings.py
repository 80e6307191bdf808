"""Configuration of editors and coding agents: which commands run by themselves, which servers start, what is said.

Such a file acts when somebody opens the folder that holds it; nothing of it is Python.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from stockade import limits
from stockade.analyse.files.facts import Duty, Setting
from stockade.model.evidence import Location

_JSON = re.compile(
    r"(?:^|/)(?:\.claude/settings(?:\.local)?\.json|\.claude\.json|\.?mcp\.json|mcp_config\.json|claude_desktop_config\.json"
    r"|\.vscode/(?:tasks|settings|mcp|launch)\.json|[^/]+\.code-workspace|\.gemini/settings\.json"
    r"|\.devcontainer/(?:[^/]+/)?devcontainer\.json|\.?devcontainer\.json|\.cursor/[^/]+\.json|\.kiro/settings/[^/]+\.json"
    r"|\.windsurf/[^/]+\.json|\.zed/(?:tasks|settings)\.json)$",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"(?:^|/)(?:claude(?:\.local)?\.md|agents\.md|gemini\.md|skill\.md|\.cursorrules|\.windsurfrules|\.clinerules|\.roorules"
    r"|copilot-instructions\.md|\.cursor/rules/[^/]+|\.claude/(?:commands|agents|skills|rules)/.+\.md|\.kiro/steering/[^/]+"
    r"|\.windsurf/rules/[^/]+|[^/]+\.instructions\.md)$",
    re.IGNORECASE,
)
#: Events that nobody asks for: a session begins or ends, a prompt is sent, a tool is used.
_COMMANDS = ("initializeCommand", "onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand",
             "postAttachCommand")  # fmt: skip
_HELPERS = ("apiKeyHelper", "awsAuthRefresh", "awsCredentialExport", "otelHeadersHelper")
_REDIRECTING = re.compile(
    r"(?:ANTHROPIC|OPENAI|GEMINI|GOOGLE_GEMINI|AZURE_OPENAI)\w{0,20}_(?:BASE_URL|ENDPOINT|API_BASE)$"
)
_PROXIES = frozenset(
    {"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED"}
)
_UNLOCKING = (
    ("enableAllProjectMcpServers", True),
    ("chat.tools.autoApprove", True),
    ("chat.tools.global.autoApprove", True),
    ("defaultMode", "bypassPermissions"),
    ("task.allowAutomaticTasks", "on"),
)
_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*+"|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/')
_TRAILING = re.compile(r",(?=\s*+[}\]])")


def is_settings(path: str) -> bool:
    """Whether a member configures or instructs an editor or an agent."""
    return bool(_JSON.search(path) or _TEXT.search(path))


def settings(path: str, data: bytes, *, installed: bool) -> Iterator[Setting]:
    """What the file at `path` (as it is to be shown) makes an editor or an agent do.

    Reads at most limits.MAX_PROJECT_FILE bytes. JSON may have comments and trailing commas, as editors allow; what
    is no JSON gives nothing, as for those who would read it.
    """
    text = data[: limits.MAX_PROJECT_FILE].decode("utf-8", "replace").removeprefix("\ufeff")
    if _TEXT.search(path):
        yield Setting(duty=Duty.INSTRUCTS, text=text, where=Location(file=path), installed=installed)
        return
    for duty, what in _told(_loaded(text)):
        line = _line(text, what)
        yield Setting(duty=duty, text=what, where=Location(file=path, line=line), installed=installed)


def _loaded(text: str) -> Any:
    plain = _COMMENT.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)
    try:
        return json.loads(_TRAILING.sub("", plain))
    except (ValueError, RecursionError):
        return None


def _line(text: str, what: str) -> int | None:
    """The line that a value stands on, by its beginning as JSON spells it."""
    spelled = json.dumps(what.split("\n", 1)[0][:40], ensure_ascii=False)[1:-1]
    at = text.find(spelled)
    if at < 0:
        at = text.find(re.split("[ =]", what, maxsplit=1)[0])
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def _told(raw: Any) -> Iterator[tuple[Duty, str]]:
    """Every duty in a parsed file, wherever it stands: the names of the keys say what it is."""
    waiting = [raw]
    seen = 0
    while waiting and seen < limits.MAX_SETTINGS:
        one = waiting.pop()
        seen += 1
        if isinstance(one, list):
            waiting += one
        if not isinstance(one, dict):
            continue
        yield from _of_table(one)
        waiting += one.values()


def _of_table(table: dict[str, Any]) -> Iterator[tuple[Duty, str]]:
    options = table.get("runOptions")
    if isinstance(options, dict) and options.get("runOn") == "folderOpen":
        yield Duty.RUNS, _command(table)
    hooks = table.get("hooks")
    if isinstance(hooks, dict):
        yield from ((Duty.RUNS, line) for line in _commands(list(hooks.values())))
    for name in (*_HELPERS, "statusLine"):
        yield from ((Duty.RUNS, line) for line in _commands([table.get(name)]))
    for name in _COMMANDS:
        steps = table.get(name)
        yield from (
            (Duty.RUNS, line)
            for line in _commands(list(steps.values()) if isinstance(steps, dict) else [steps])
        )
    for name in ("mcpServers", "servers", "context_servers"):
        servers = table.get(name)
        if isinstance(servers, dict):
            yield from ((Duty.SERVES, line) for one in servers.values() if (line := _command(one)))
    yield from _elsewhere(table.get("env"))
    for name, value in _UNLOCKING:
        if name in table and table[name] == value and type(table[name]) is type(value):
            yield Duty.UNLOCKS, name


def _elsewhere(environment: Any) -> Iterator[tuple[Duty, str]]:
    """Variables that an agent is started with and that decide whom it talks to."""
    if isinstance(environment, dict):
        for name, value in environment.items():
            if _REDIRECTING.match(name) or name in _PROXIES:
                yield Duty.REDIRECTS, f"{name}={value}"


def _commands(waiting: list[Any]) -> Iterator[str]:
    """The command lines in a part of a file that holds nothing else: strings, or tables with a command."""
    seen = 0
    while waiting and seen < limits.MAX_SETTINGS:
        one = waiting.pop()
        seen += 1
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if line := _command(one):
                yield line
            else:
                waiting += [value for value in one.values() if isinstance(value, (dict, list))]


def _command(table: Any) -> str:
    """A table's command with its arguments as one line, "" if it has none."""
    if not isinstance(table, dict):
        return ""
    command, arguments = table.get("command"), table.get("args")
    words = command if isinstance(command, list) else [command]
    words = [*words, *(arguments if isinstance(arguments, list) else [])]
    return " ".join(word for word in words if isinstance(word, str))[: limits.MAX_SCRIPT]
