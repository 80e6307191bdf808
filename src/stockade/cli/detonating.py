"""Where a detonation gets its walls, its decoys and its network from."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import uv

from stockade.acquire.detonate.decoys import Laid, lay_out
from stockade.acquire.detonate.house import House, Python, house
from stockade.acquire.detonate.network import Nowhere
from stockade.acquire.detonate.run import Bait, Launch, Supplies, World, detonate
from stockade.acquire.jail.launch import Mechanism, available, launch
from stockade.acquire.jail.plan import Kind, Mount
from stockade.acquire.jail.profile import Profile, load
from stockade.model.artifact import Artifact
from stockade.model.observation import Observation

#: Where programs look for the certificates that they trust.
_TRUST = (
    *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "NODE_EXTRA_CA_CERTS"),
    *("AWS_CA_BUNDLE", "GIT_SSL_CAINFO", "HTTPLIB2_CA_CERTS"),
)
#: Files of /etc that every machine has, without a word about this one.
_ETC = {
    "hosts": "127.0.0.1\tlocalhost\n127.0.1.1\tws-lena\n",
    "hostname": "ws-lena\n",
    "resolv.conf": "nameserver 10.20.0.1\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "machine-id": "4c1f0a6be2d94b0f9a3c5d7e8f102938\n",
    "os-release": 'PRETTY_NAME="Ubuntu 24.04.2 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n',
}


def observe(
    artifact: Artifact, supplies: Supplies, heard: Callable[[str], None], *, launch: Launch = launch
) -> Observation:
    """Everything that was seen of `artifact`; raises DetonationRefused where a wall is missing, JailFailed."""
    mechanism, _ = available(None, os.environ)
    moved = mechanism is Mechanism.BUBBLEWRAP
    program, profile = Path(uv.find_uv_bin()), load("detonate", Path())
    with (
        tempfile.TemporaryDirectory(prefix="house-", ignore_cleanup_errors=True) as folder,
        house(Path(folder), moved=moved, python=Python.own(), uv=program) as made,
    ):
        laid = lay_out(made.outside("home"))
        nowhere = Nowhere(laid.machines)
        world = World(
            launch=launch,
            mounts=tuple(_system(profile)),
            ceilings=profile.ceilings,
            nowhere=nowhere,
            supplies=supplies,
            bait=_bait(laid, made, nowhere.ca_pem),
            now=lambda: datetime.now(UTC),
            heard=heard,
        )
        return detonate(artifact, made, world)


def _bait(laid: Laid, made: House, authority: bytes) -> Bait:
    """Decoys, and trust in whoever speaks for every host here."""
    trusted = made.inside("etc") / "ca.pem" if made.moved else made.outside("stages") / "ca.pem"
    place = made.outside("etc") / "ca.pem" if made.moved else trusted
    place.write_bytes(authority)
    for name, text in _ETC.items():
        (made.outside("etc") / name).write_text(text, encoding="utf-8")
    (made.outside("stages") / "seeds.json").write_text(json.dumps(laid.seeds), encoding="utf-8")
    variables = {**laid.variables, **dict.fromkeys(_TRUST, str(trusted))}
    return Bait(decoys=laid.decoys, variables=variables, seeds=laid.seeds)


def _system(profile: Profile) -> Iterator[Mount]:
    """What of this machine the profile shows: programs, libraries, and what they need to start."""
    for kind, text in profile.paths:
        path = Path(text)
        if kind is Kind.READ and path.is_absolute() and path.exists():
            yield Mount(kind=Kind.READ, target=path, source=path)
