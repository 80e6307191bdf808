"""Installs settings of an editor or a coding agent that run a command by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Duty, Setting
from stockade.model.evidence import Evidence


@detector("settings-run", on=Setting)
def settings_run(setting: Setting) -> Iterator[Evidence]:
    """Installs settings of an editor or a coding agent that run a command by themselves.

    What: a hook of an agent, or a task that runs when a folder is opened, in a file that would be installed.
    Why: a package has no reason to bring such settings along; whoever opens the folder runs them.
    Benign twins: the same files at the root of a source tree, for those who work on the project; templates.
    Blind spots: settings that code writes.
    """
    if setting.duty is Duty.RUNS and setting.installed:
        yield Evidence(
            detector="settings-run",
            message=f"installs settings of an editor or agent by which {setting.duty}",
            where=setting.where,
            excerpt=setting.text[: limits.MAX_EXCERPT],
        )
