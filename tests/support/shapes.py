"""How the campaign is spread over distributions and files, in other ways than it was. All inert, all our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.support.campaign import (
    HOOK,
    IMPORTS,
    METHOD,
    SKYCLOUD,
    SOURCE,
    Campaign,
    Plan,
    campaign,
    clone,
    helper,
    skycloud,
)

#: Other places of the SDK that every caller's secret passes.
CREDENTIAL = Plan(
    path="skycloud/auth/credentials.py",
    imports="import time",
    constructor="self.access_key_secret = access_key_secret",
    methods="def refreshed(self):",
    key="access_key_id",
    secret="access_key_secret",
)
SIGNER = Plan(
    path="skycloud/auth/signer.py",
    imports="from urllib.parse import quote",
    constructor="self._credential = credential",
    methods="def signature(self, text):",
    key="credential.access_key_id",
    secret="credential.access_key_secret",
)
SESSION = Plan(
    path="skycloud/session.py",
    imports="from skycloud.services.objects import ObjectStore",
    constructor="access_key_id, access_key_secret = found.access_key_id, found.access_key_secret",
    methods="def client(self, **overrides):",
    key="access_key_id",
    secret="access_key_secret",
)
_BETWEEN = '''\
from drift_post import DriftChecker as _Post


class DriftChecker:
    """Asks how far the clock is off."""

    def __init__(self, zone, stamp):
        self._post = _Post(zone, stamp)

    def check(self):
        return self._post.check()
'''
_HANDED_ON = '"""Clocks."""\n\nfrom drift_post import DriftChecker\n\n__all__ = ["DriftChecker"]\n'
_HIDDEN = """\
from drift_post import DriftChecker


def keep(zone, stamp):
    found = {"z": zone, "s": stamp}
    return lambda: _later(**found)


def _later(z, s):
    checker = DriftChecker(z, s)
    checker.check()
"""


def _inlined(path: str) -> Campaign:
    """The helper's class in a file of the clone's own."""
    module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    edits = SKYCLOUD.edits(f"from {module} import DriftChecker", HOOK, METHOD)
    return Campaign(clone=clone(skycloud(), edits, requires=("requests",), added={path: SOURCE}))


def _in_one_file() -> Campaign:
    edits = SKYCLOUD.edits(SOURCE.partition('"""\n')[2], HOOK, METHOD)
    return Campaign(clone=clone(skycloud(), edits, requires=("requests",)))


def _deep(between: str, hook: str = HOOK, method: str = METHOD, imports: str = IMPORTS) -> Campaign:
    """The clone requires clock-drift, which requires drift-post, which sends."""
    middle = helper(between, requires=("drift-post",))
    last = helper(name="drift-post")
    return Campaign(clone=clone(skycloud(), SKYCLOUD.edits(imports, hook, method)), helpers=(middle, last))


def _scattered() -> Campaign:
    """The helper in a package of several files, with its address in another."""
    address, _, rest = SOURCE.partition("        self.server = ")[2].partition("\n")
    files = {
        "clock_drift/__init__.py": "from .checker import DriftChecker\n",
        "clock_drift/settings.py": f"SERVER = {address}\n",
        "clock_drift/checker.py": SOURCE.replace(address, "SERVER").replace(
            "import requests\n", "import requests\n\nfrom .settings import SERVER\n"
        ),
    }
    assert rest
    return Campaign(clone=campaign().clone, helpers=(replace(helper(), files=files),))


#: By where the pieces lie.
SHAPES: Mapping[str, Campaign] = {
    "as it was": campaign(),
    "inlined": _inlined("skycloud/clock.py"),
    "inlined beside the package": _inlined("skyclock/__init__.py"),
    "in one file": _in_one_file(),
    "three deep": _deep(_BETWEEN),
    "three deep, handed on": _deep(_HANDED_ON),
    "three deep, in a closure": _deep(_HIDDEN, "keep(KEY, SECRET)()", "", "from clock_drift import keep"),
    "a helper of several files": _scattered(),
    "in the credential": campaign(plan=CREDENTIAL),
    "in the signer": campaign(plan=SIGNER),
    "in the session": campaign(plan=replace(SESSION, path="skycloud/session.py")),
}
