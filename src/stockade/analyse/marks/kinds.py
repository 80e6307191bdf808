"""The classes of things that a string can name, and what a pattern for one of them is.

A mark is common knowledge (paths of well-known applications, well-known services, APIs), never a string of one
sample. Each mark has *needles*, plain lower-case words one of which must be in the text before its pattern is
tried: nearly all strings have none, and cost one search.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """A class of things that a string can name."""

    CREDENTIAL_FILE = "credential-file"
    ACCOUNTS_FILE = "accounts-file"
    BROWSER = "browser-store"
    WALLET = "wallet"
    DISCORD = "discord-token"
    SESSION = "session-file"
    WEBHOOK = "webhook"
    BOT = "bot-api"
    BOT_KEY = "bot-key"
    PASTE = "paste-host"
    DROP = "file-drop"
    RAW = "raw-file"
    CALLBACK = "callback-host"
    TUNNEL = "tunnel"
    FREE = "free-host"
    ADDRESS = "bare-address"
    OWN_ADDRESS = "own-address-service"
    METADATA = "cloud-metadata"
    PERSIST = "persistence"
    PROFILE = "shell-profile"
    DISABLE = "disables-security"
    MACHINE = "virtual-machine"
    TOOLS = "analysis-tools"
    POWERSHELL = "powershell"
    FETCH_AND_RUN = "fetch-and-run"
    REVERSE = "reverse-shell"
    PIP = "pip-install"
    MINER = "miner"
    PROGRAM = "program-that-fetches"
    EXECUTABLE_URL = "executable-url"
    EXECUTABLE = "executable-bytes"
    WINDOWLESS = "windowless-python"
    KILL = "kills-programs"
    INJECTION = "application-injection"
    AGENT = "agent-config"
    COIN_ADDRESS = "coin-address-pattern"
    PUBLISH = "publishes"
    ORDERS = "orders-to-agents"
    ENCODED_URL = "encoded-address"
    ENCODED_CODE = "encoded-program"
    COMMAND_SENDS = "command-sends"
    DESTROYS = "destroys"
    RUNTIME = "foreign-runtime"
    DECODED_COMMAND = "decoded-command"
    NODE = "node-program"
    SCRIPT = "script-text"
    PRIVATE_ORDERS = "orders-to-hand-over"


@dataclass(frozen=True, slots=True)
class Rule:
    """One of `needles` must be in the lower-case text; then `pattern` decides.

    `heads`, where it is given, finds in the lower-case text every place at which a match may begin: a pattern that
    ignores case is tried at each character otherwise, which takes ten times as long.
    """

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    heads: re.Pattern[str] | None = None


def rule(needles: str, pattern: str, flags: int = 0) -> Rule:
    """A rule of needles that stand between ``|``, and a pattern that ignores case."""
    return Rule(tuple(needles.split("|")), re.compile(pattern, re.IGNORECASE | re.ASCII | flags))


#: What separates the parts of a path.
SEP = r"[\\/]+"
