"""How the campaign is spread over distributions and files, in other ways than it was. All inert, all our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.support.campaign import (
    HOOK,
    IMPORTS,
    METHOD,
    NAME,
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
BETWEEN = '''\
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


def inlined(
    path: str = "clock.py",
    original: Mapping[str, bytes] | None = None,
    plan: Plan = SKYCLOUD,
    name: str = NAME,
) -> Campaign:
    """The helper's class in a file of the clone's own; `path` lies in its package unless it begins with a slash."""
    path = path[1:] if path.startswith("/") else f"{plan.package}/{path}"
    module = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    edits = plan.edits(f"from {module} import DriftChecker", HOOK, METHOD)
    trojan = clone(original or skycloud(), edits, requires=("requests",), added={path: SOURCE}, name=name)
    return Campaign(clone=trojan)


def in_one_file(
    original: Mapping[str, bytes] | None = None, plan: Plan = SKYCLOUD, name: str = NAME
) -> Campaign:
    """The helper's class in the very file that takes the keys."""
    edits = plan.edits(SOURCE.partition('"""\n')[2], HOOK, METHOD)
    return Campaign(clone=clone(original or skycloud(), edits, requires=("requests",), name=name))


def deep(
    between: str = BETWEEN,
    hook: str = HOOK,
    method: str = METHOD,
    imports: str = IMPORTS,
    original: Mapping[str, bytes] | None = None,
    plan: Plan = SKYCLOUD,
    name: str = NAME,
) -> Campaign:
    """The clone requires clock-drift, which requires drift-post, which sends."""
    middle = helper(between, requires=("drift-post",))
    last = helper(name="drift-post")
    trojan = clone(original or skycloud(), plan.edits(imports, hook, method), name=name)
    return Campaign(clone=trojan, helpers=(middle, last))


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


def _as_sdists(made: Campaign) -> Campaign:
    helpers = tuple(replace(one, form="sdist") for one in made.helpers)
    return Campaign(clone=replace(made.clone, form="sdist"), helpers=helpers)


#: By where the pieces lie.
SHAPES: Mapping[str, Campaign] = {
    "as it was": campaign(),
    "as sdists": _as_sdists(campaign()),
    "inlined": inlined(),
    "inlined beside the package": inlined("/skyclock/__init__.py"),
    "inlined as sdists": _as_sdists(inlined()),
    "in one file": in_one_file(),
    "three deep": deep(),
    "three deep, handed on": deep(_HANDED_ON),
    "three deep, in a closure": deep(_HIDDEN, "keep(KEY, SECRET)()", "", "from clock_drift import keep"),
    "a helper of several files": _scattered(),
    "in the credential": campaign(plan=CREDENTIAL),
    "in the signer": campaign(plan=SIGNER),
    "in the session": campaign(plan=SESSION),
}
