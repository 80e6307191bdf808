"""Every credential that a package running as this user could read, each once, wherever it lies.

What is told of is which secret it is, never the secret: it becomes an HMAC under a key of this machine as soon as it
was read, and what lies in several places is one credential with several places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from stockade import limits
from stockade.acquire.credentials.families import ALL
from stockade.acquire.credentials.families.clusters import POD_TOKEN, pod
from stockade.acquire.credentials.formats import Unreadable
from stockade.acquire.credentials.found import Found
from stockade.acquire.credentials.home import Home
from stockade.acquire.credentials.loose import histories, loose
from stockade.acquire.credentials.processes import environments
from stockade.acquire.credentials.spots import File, Spot
from stockade.acquire.credentials.variables import credentials_of
from stockade.model.credential import Credential, Kind, Life, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is looked at: `home`, the variables of this process, those of others (`proc`), and loose files."""

    home: Home
    environ: Mapping[str, str]
    proc: Path | None = Path("/proc")
    loose: bool = True
    pod: Path | None = Path(POD_TOKEN)


@dataclass(slots=True)
class _Gathered:
    """What is known of one secret so far."""

    found: Found
    places: dict[tuple[str, str], Place] = field(default_factory=dict)


def inventory(scope: Scope, key: bytes) -> tuple[Credential, ...]:
    """All credentials in `scope`, by provider and place; `key` is this machine's, for their fingerprints."""
    gathered: dict[tuple[str, str], _Gathered] = {}
    for place, found in map(_untold, _everything(scope)):
        # Of stores nothing is read, so that each is known by where it lies; a variable and a file may hold the same.
        sealed = found.secret.sealed(key) if found.secret is not None else ""
        identity = (sealed, "") if sealed else (f"{found.provider}\0{found.kind}", place.where)
        one = gathered.setdefault(identity, _Gathered(found))
        one.found = _better(one.found, found)
        one.places.setdefault((place.where, place.item), place)
    made = (_credential(sealed if not where else "", one) for (sealed, where), one in gathered.items())
    return tuple(sorted(made, key=_order))


def _untold(one: tuple[Place, Found]) -> tuple[Place, Found]:
    """Without a name that is, or holds, the secret itself: some hosts take a token where others take a user."""
    place, found = one
    if found.secret is None:
        return one
    if found.secret.within(place.item):
        place = replace(place, item="")
    if found.secret.within(found.principal):
        found = replace(found, principal="")
    return place, found


def _everything(scope: Scope) -> Iterator[tuple[Place, Found]]:
    yield from _in_files(scope)
    for found in credentials_of(scope.environ):
        yield Place(where=f"${found.item}"), found
    for process, variables in environments(scope.proc) if scope.proc else ():
        for found in credentials_of(variables):
            yield Place(where=f"${found.item}", item=f"of {process}"), found


def _in_files(scope: Scope) -> Iterator[tuple[Place, Found]]:
    home = scope.home
    read: set[Path] = set()
    for path, spot in _spots(home, ALL):
        if spot.exists is not None:
            yield home.place(path, spot.exists.item), spot.exists
        elif spot.read is not None and path.resolve() not in read:
            read.add(path.resolve())
            for found in _parsed(home, path, spot):
                yield home.place(path, found.item), found
    if scope.pod and (data := home.read(scope.pod)) is not None:
        for found in pod(File(path=scope.pod, data=data)):
            yield home.place(scope.pod), found
    for path, found in (*histories(home), *(loose(home) if scope.loose else ())):
        if path.resolve() not in read:
            yield home.place(path, found.item), found


def _spots(home: Home, spots: Iterable[Spot]) -> Iterator[tuple[Path, Spot]]:
    for spot in spots:
        for pattern in spot.patterns:
            for path in home.matching(pattern):
                yield path, spot
        for name in spot.variables:
            for named in home.environ.get(name, "").split(":")[: limits.MAX_LINKS]:
                if named:
                    yield (
                        Path(named).expanduser() if not named.startswith("~") else home.root / named[2:],
                        spot,
                    )


def _parsed(home: Home, path: Path, spot: Spot) -> Iterator[Found]:
    data = home.read(path)
    if not data or spot.read is None:
        return
    try:
        for number, found in enumerate(spot.read(File(path=path, data=data, beside=home.read))):
            if number >= limits.MAX_CREDENTIALS_OF_FILE:
                home.say(
                    f"{home.shown(path)}: only the first {number:,} credentials were read", home.shown(path)
                )
                return
            yield found
    except Unreadable as why:
        home.unread(path, str(why))


def _better(one: Found, other: Found) -> Found:
    """Of two that hold the same secret, what the surer of them says; the rest from the other."""
    first, second = (other, one) if one.provider == "unknown" else (one, other)
    return replace(
        first,
        principal=first.principal or second.principal,
        created=first.created or second.created,
        expires=first.expires or second.expires,
        life=second.life if first.life is Life.UNKNOWN else first.life,
    )


def _credential(fingerprint: str, one: _Gathered) -> Credential:
    places = tuple(one.places.values())
    times = [place.changed for place in places if place.changed is not None]
    found = one.found
    return Credential(
        provider=found.provider,
        kind=found.kind,
        places=places,
        principal=found.principal,
        fingerprint=fingerprint,
        life=found.life,
        rotation=found.rotation,
        created=found.created,
        known_since=min(times, default=None) if found.kind is not Kind.STORE else None,
        expires=found.expires,
        locked=found.locked,
    )


def _order(one: Credential) -> tuple[str, str, str, str]:
    return one.provider.lower(), one.places[0].where, one.places[0].item, one.fingerprint
