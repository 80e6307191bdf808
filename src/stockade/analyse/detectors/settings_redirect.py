"""Configures a coding agent to talk to another machine than its maker's, or to act unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade import limits
from stockade.analyse.detector import detector
from stockade.analyse.files.facts import Duty, Setting
from stockade.model.evidence import Evidence

#: This machine, a place to fill in, and the makers themselves.
_HONEST = re.compile(
    r"=(?:https?://)?(?:localhost|127\.|\[::1\]|0\.0\.0\.0|[\w.-]*\.(?:anthropic|openai|googleapis|azure)\.com\b|\$\{|<)|=1?$",
    re.IGNORECASE,
)


@detector("settings-redirect", on=Setting)
def settings_redirect(setting: Setting) -> Iterator[Evidence]:
    """Configures a coding agent to talk to another machine than its maker's, or to act unasked.

    What: the address of an agent's service, a proxy or certificates for it; all servers or all actions allowed
    beforehand.
    Why: keys, prompts and files go wherever the address says, and an agent that never asks does what it reads.
    Benign twins: gateways of a company, in its own packages; an agent's own examples.
    Blind spots: settings that code writes; other names for the same.
    """
    redirects = setting.duty is Duty.REDIRECTS and not _HONEST.search(setting.text)
    if redirects or (setting.duty is Duty.UNLOCKS and setting.installed):
        yield Evidence(
            detector="settings-redirect",
            message=f"brings settings by which {setting.duty}",
            where=setting.where,
            excerpt=setting.text[: limits.MAX_EXCERPT],
        )
