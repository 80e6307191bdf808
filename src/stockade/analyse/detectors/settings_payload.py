"""Configures an editor or a coding agent so that it fetches, decodes, sends or hands out a shell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade import limits
from stockade.analyse.code.marks import Mark, mark
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Duty, Setting
from stockade.analyse.files.script_text import Language, Script
from stockade.analyse.files.scripts import deeds
from stockade.model.evidence import Evidence

_COMMANDS = frozenset({Duty.RUNS, Duty.SERVES})
_MARKS = (
    Mark.DECODED_COMMAND,
    Mark.REVERSE,
    Mark.RUNTIME,
    Mark.COMMAND_SENDS,
    Mark.PROGRAM,
    Mark.CREDENTIAL_FILE,
)
#: A program that lies where only settings belong.
_KEPT = re.compile(
    r"(?:^|[\s\"'/])\.(?:claude|cursor|vscode|github|gemini|kiro)/[\w./-]{1,80}\.(?:[cm]?[jt]s|sh|ps1|bat)\b"
)


@detector("settings-payload", on=Setting)
def settings_payload(setting: Setting) -> Iterator[Evidence]:
    """Configures an editor or a coding agent so that it fetches, decodes, sends or hands out a shell.

    What: a hook, a task that runs when a folder is opened, or a server of an agent whose command runs what it
    fetches or decodes, fetches another language's runtime, names credentials, sends, or opens a shell; and one that
    runs by itself a program kept among such settings.
    Why: opening the folder is enough, and the command has the rights of whoever opened it.
    Benign twins: formatters after an edit; servers started by a package runner.
    Blind spots: an ordinary program with an ordinary name, whose own content is looked at only if it is a script.
    """
    if setting.duty not in _COMMANDS:
        return
    part = mark(setting.text, *_MARKS) or _deed(setting.text)
    if not part and setting.duty is Duty.RUNS and (kept := _KEPT.search(setting.text)):
        part = kept[0].strip()
    if part:
        yield Evidence(
            detector="settings-payload",
            message=f"brings settings of an editor or agent by which {setting.duty}: {part[:80]}",
            where=setting.where,
            excerpt=setting.text[: limits.MAX_EXCERPT],
        )


def _deed(text: str) -> str:
    for language in (Language.SHELL, Language.POWERSHELL, Language.BATCH):
        for found in deeds(Script(text, language)):
            return found.excerpt
    return ""
