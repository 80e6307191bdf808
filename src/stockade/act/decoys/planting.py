"""Plant decoys, and take them out again: never over a file that is there, nor one that somebody has changed."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from stockade.model.project import Digest
from stockade.model.trap import Trap

_UPPER, _ALNUM = string.ascii_uppercase + "234567", string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Bait:
    """What seems to lie there: paths below the home, of which the first that is free is taken; `make` writes it."""

    what: str
    paths: tuple[str, ...]
    make: Callable[[], str]


def _text(length: int, alphabet: str = _ALNUM) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def _aws() -> str:
    return (
        f"[prod-admin]\naws_access_key_id = AKIA{_text(16, _UPPER)}\n"
        f"aws_secret_access_key = {_text(40, _ALNUM + '+/')}\nregion = eu-central-1\n"
    )


def _google() -> str:
    held = {
        "client_id": f"{secrets.randbelow(10**12)}-{_text(32).lower()}.apps.invalid",
        "client_secret": _text(24),
        "refresh_token": f"1//{_text(96)}",
        "type": "authorized_user",
    }
    return json.dumps(held, indent=2)


def _cluster() -> str:
    return (
        "apiVersion: v1\nkind: Config\nclusters:\n- name: prod\n  cluster:\n    server: https://k8s.prod.invalid:6443\n"
        "contexts:\n- name: prod\n  context: {cluster: prod, user: admin}\ncurrent-context: prod\n"
        f"users:\n- name: admin\n  user:\n    token: {_text(64)}\n"
    )


def _alibaba() -> str:
    one = {
        "name": "prod",
        "mode": "AK",
        "access_key_id": f"LTAI{_text(20)}",
        "access_key_secret": _text(30),
        "region_id": "cn-hangzhou",
    }
    return json.dumps({"current": "prod", "profiles": [one]}, indent=2)


def _registry() -> str:
    return json.dumps({"auths": {"registry.prod.invalid": {"auth": _text(44)}}}, indent=2)


#: None of these is read by its tool without being asked for by name: who plants one breaks nothing.
BAITS = (
    Bait("AWS access key", (".aws/credentials", ".aws/credentials.bak"), _aws),
    Bait(
        "Google Cloud credential",
        (".config/gcloud/legacy_credentials/deploy@prod.invalid/adc.json",),
        _google,
    ),
    Bait("Kubernetes login", (".kube/config.old", ".kube/config.prod"), _cluster),
    Bait("Alibaba Cloud AccessKey", (".aliyun/config.json", ".aliyun/config.json.bak"), _alibaba),
    Bait("login of a container registry", (".docker/config.json.bak",), _registry),
)


def free(home: Path, taken: Sequence[Trap]) -> Iterator[tuple[Bait, Path]]:
    """What could be planted, and where; a kind that is planted already is left out."""
    for bait in BAITS:
        if any(one.what == bait.what for one in taken):
            continue
        place = next((home / path for path in bait.paths if not os.path.lexists(home / path)), None)
        if place is not None:
            yield bait, place


def plant(home: Path, bait: Bait, place: Path, now: datetime) -> Trap:
    """Write one, its owner's alone, older than it is. Raises OSError, and leaves nothing then."""
    made: list[str] = []
    try:
        for folder in reversed(place.parents):
            if folder.is_relative_to(home) and not folder.exists():
                folder.mkdir(mode=0o700)
                made.append(str(folder))
        data = bait.make().encode()
        number = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError:
        _leave(made)
        raise
    with os.fdopen(number, "wb") as file:
        file.write(data)
    old = (now - timedelta(days=30 + secrets.randbelow(200), seconds=secrets.randbelow(80_000))).timestamp()
    os.utime(place, (old, old))
    return Trap(
        path=str(place),
        what=bait.what,
        sha256=Digest(hashlib.sha256(data).hexdigest()),
        planted=now,
        folders=tuple(made),
    )


def take_out(trap: Trap) -> str:
    """Remove one, and the folders that were made for it if nothing else lies in them now. Returns why it was left, ""
    where it is gone."""
    path = Path(trap.path)
    try:
        if path.is_symlink() or hashlib.sha256(path.read_bytes()).hexdigest() != trap.sha256:
            return "somebody has changed it: it is left as it is"
        path.unlink()
    except FileNotFoundError:
        pass
    except OSError as why:
        return f"it cannot be removed: {why.strerror}"
    _leave(trap.folders)
    return ""


def _leave(folders: Sequence[str]) -> None:
    for folder in reversed(folders):
        try:
            os.rmdir(folder)
        except OSError:
            return
