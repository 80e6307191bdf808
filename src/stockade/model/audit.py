"""What an audit finds: one observation about an environment, with what policy makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """How a distribution stands to what may be here, and to what is published about it; a public contract."""

    #: Nothing that says what may be here names it.
    UNAUTHORISED = "unauthorised"
    #: What should be here and isn't.
    MISSING = "missing"
    #: Another version than the one that was authorised.
    CHANGED_VERSION = "changed-version"
    #: The same, where it is an older one.
    DOWNGRADED = "downgraded"
    #: An advisory says that this release is the attack.
    MALICIOUS = "malicious"
    #: An advisory says that it can be attacked.
    VULNERABLE = "vulnerable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found. `kind` is one of Standing or Oddness, `action` what policy makes of it (allow: told,
    no more). `project` and `version` are "" where no distribution is to blame, `path` where it is about none.
    `fix` is what to do, as a command or in words; `advisory` the identifier of the one that it rests on.
    """

    kind: str
    action: str
    project: str = ""
    version: str = ""
    path: str = ""
    detail: str = ""
    fix: str = ""
    advisory: str = ""
