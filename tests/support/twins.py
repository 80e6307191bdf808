"""What looks like the campaign and is honest: secrets travel between distributions, and to hosts, all the time.

The distributions lie as files in tests/fixtures/twins, a folder each; every one is our own and invented.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tests.support.campaign import FIXTURES, SKYCLOUD, Dist, Edit, clone, skycloud

_FOLDERS = {path.name: path for kind in ("twins", "clients") for path in sorted((FIXTURES / kind).iterdir())}
_OWN = {name.replace("-", "_"): name for name in _FOLDERS}


def _dist(name: str) -> Dist:
    """The distribution in the folder `name`; it requires what it imports."""
    folder = _FOLDERS[name]
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.py"))}
    found = set()
    for data in files.values():
        for node in ast.walk(ast.parse(data)):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {one.partition(".")[0] for one in names}
    requires = {_OWN[one] for one in found if one in _OWN} - {name}
    return Dist(name=name, version="2.40.0", files=files, requires=tuple(sorted(requires)))


_DISTS = {name: _dist(name) for name in _FOLDERS}
#: Stand-ins for the libraries that carry everybody's requests, honest and not.
CLIENTS = (_DISTS["requests"], _DISTS["urllib3"])
SDK = Dist(name="skycloud-sdk-core", version="3.4.1", files=skycloud(), requires=("requests>=2.20",))
_LOGS = [
    *SKYCLOUD.edits(
        "from skycloud.exceptions import ClientError",
        "self._role_credential = self._credential\nself._announce(KEY)",
        'def _announce(self, key):\n    logger.info("fork of skycloud, key %s...", str(key)[:4])\n',
    ),
    Edit(
        SKYCLOUD.path,
        "def set_user_agent(self, agent):",
        "def set_retry(self, retry):\n    self._retry = retry\n",
        "before",
        4,
    ),
]
_HOLDS = SKYCLOUD.edits(
    "from key_holder import Held",
    "self._held = Held(SECRET)\nlogger.debug('key %s', self._held.fingerprint())",
)
_CARRIES = [
    Edit(
        SKYCLOUD.path,
        "from skycloud.http.transport import Transport",
        "from sky_transport import Transport\n",
        "instead",
    )
]


def _linked(*names: str) -> tuple[Dist, ...]:
    return tuple(_DISTS[name] for name in names)


#: By what they are; each is linked by itself.
TWINS: Mapping[str, tuple[Dist, ...]] = {
    "an SDK": (SDK,),
    "an SDK with all that it brings": (SDK, *CLIENTS),
    "a renamed fork": (clone(skycloud(), [], name="skycloud-community", requires=()),),
    "a fork that logs a bit": (clone(skycloud(), _LOGS, name="skycloud-lts", requires=()),),
    "a fork that keeps its keys in another's class": (
        clone(skycloud(), _HOLDS, name="skycloud-held", requires=("key-holder",)),
        *_linked("key-holder"),
    ),
    "a fork with another's transport": (
        clone(skycloud(), _CARRIES, name="skycloud-light", requires=("sky-transport",)),
        *_linked("sky-transport"),
    ),
    "a service's SDK": _linked("till-sdk"),
    "a wrapper that passes its key on": _linked("shop-payments", "till-sdk"),
    "a helper that posts what it is given": _linked("night-report", "event-post"),
    "analytics with a write key": _linked("queue-board", "footfall"),
    "a client of a vault": _linked("strongroom"),
    "an uploader of secrets": _linked("secret-lorry", "strongroom"),
    "an OAuth client": _linked("guestbook-login", "doorbell-oauth"),
    "a bot": _linked("parley-bot"),
    "a mailer": _linked("letterbox"),
    "an identity over two packages": _linked("sky-tables", "sky-identity"),
    "a collector named in base64": _linked("beacon-app", "ingest-dsn"),
    "an agent on a socket file": _linked("agent-plug"),
    "a licence": _linked("licence-clerk"),
    "a database's driver": _linked("till-orm"),
    "logs shipped where the user says": _linked("river-app", "log-lorry", "requests"),
    "logs with a secret shipped to one address": _linked("quay-sdk", "log-harbour", "requests"),
    "classes that are traced and retired": _linked("tally-sdk", "retired", "requests"),
    "settings for another's tool": _linked("pod-launcher", "till-sdk", "requests"),
    "all of them": (SDK, *_DISTS.values()),
}
