"""What an installer has no need of: secrets in its environment, which a build of an sdist could read and send.

The gate itself logs in at the index, so the installer needs no password either. A script, a test runner or make may
need theirs; only a command that is an installer has them withheld.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePath

#: Commands that install, and nothing else.
_INSTALLERS = re.compile(
    r"(?:pip[0-9.]*|uv|uvx|poetry|pdm|pipx|pip-(?:sync|compile)|pipenv|hatch|rye|conda|mamba)(?:\.exe)?"
)
_PYTHONS = re.compile(r"(?:python|pypy)[0-9.]*(?:\.exe)?")
_MODULES = frozenset({"pip", "uv", "poetry", "pdm", "pipx", "piptools", "pipenv", "build", "hatch"})
#: Subcommands that run somebody's program, which may well need what is set for it.
_RUNNERS = frozenset({"run", "shell", "exec"})
#: Names of variables that hold secrets: whole words between underscores.
_SECRET = re.compile(
    r"(?:^|_)(?:TOKENS?|SECRETS?|PASSWORDS?|PASSWD|PASSPHRASE|PASS|PAT|APIKEY|API_KEY|ACCESS_KEY(?:_ID)?|"
    r"ACCOUNT_KEY|PRIVATE_KEY|SIGNING_KEY|SESSION_KEY|ENCRYPTION_KEY|CREDENTIALS?|AUTH|DSN|CONNECTION_STRING|"
    r"DATABASE_URL|WEBHOOK(?:_URL)?)(?:_|$)",
    re.IGNORECASE,
)
#: Names that look so and aren't secrets: files of certificates, sockets, switches.
_HARMLESS = frozenset({"SSH_AUTH_SOCK", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"})


def is_installer(argv: Sequence[str]) -> bool:
    """Whether a command is an installer that runs nothing of the person's own."""
    if not argv:
        return False
    program, *rest = argv
    name = PurePath(program).name
    if _INSTALLERS.fullmatch(name):
        return not _RUNNERS & set(rest[:1])
    return bool(_PYTHONS.fullmatch(name)) and rest[:1] == ["-m"] and rest[1:2] != [] and rest[1] in _MODULES


def withheld(argv: Sequence[str], environ: Mapping[str, str], kept: Collection[str] = ()) -> tuple[str, ...]:
    """The names of variables that `argv` shall not see; `kept` are those that a person says it needs."""
    if not is_installer(argv):
        return ()
    found = (name for name in environ if _SECRET.search(name) and name not in _HARMLESS)
    return tuple(sorted(name for name in found if name not in kept))
