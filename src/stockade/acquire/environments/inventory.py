"""What one environment holds, and what about its files is not as it should be."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stockade import limits
from stockade.acquire.environments.added import added_folders
from stockade.acquire.environments.claims import Told, claims
from stockade.acquire.environments.compiled import Compiled
from stockade.acquire.environments.dists import Dist, dists, editable_folder, entries_of
from stockade.acquire.environments.files import Sentences, inside, is_folder
from stockade.acquire.environments.owners import Owners
from stockade.acquire.environments.tree import listed
from stockade.acquire.environments.vendors import vendors
from stockade.acquire.environments.verify import Verifier
from stockade.acquire.environments.zipped import zipped
from stockade.model.environment import (
    Environment,
    EnvironmentKind,
    Installed,
    Inventory,
    Oddness,
    Stamp,
    Stamps,
)


class _Nothing:
    """Stamps of nobody: every file is digested."""

    def load(self, key: str) -> dict[str, Stamp]:
        del key
        return {}

    def keep(self, key: str, stamps: object) -> None:
        del key, stamps


def inventory(
    environment: Environment,
    *,
    stamps: Stamps | None = None,
    root: Path = Path("/"),
    clock: Callable[[], int] = time.time_ns,
) -> Inventory:
    """What is installed in `environment` of the machine at `root`, with what is odd about its files.

    1. Distributions by their metadata. 2. Every file of the site folders, by name and state alone. 3. Who claims
    which: RECORD, conda's records, the system's package manager. 4. The digests of claimed files, of those alone that
    are not as `stamps` remember them; what changed within 2 s of `clock`, in nanoseconds, isn't remembered. 5. Files
    of nobody, of two, in another's package; commands; compiled files.
    Nothing is raised, and nothing of the environment is run, imported or written.
    """
    said = Sentences()
    if environment.kind is EnvironmentKind.ZIPAPP:
        found = zipped(environment.root, said.say)
        return Inventory(environment=environment, installed=found, gaps=said.all)
    kept = stamps if stamps is not None else _Nothing()
    held = [dist for site in environment.site for dist in dists(site, entries_of(site, said.say), said.say)]
    files = listed(environment.site, said.say)
    told = Told()
    _metadata(held, told, twice=environment.kind is not EnvironmentKind.CACHE)
    known = kept.load(_key(environment))
    verifier = Verifier(files, known, said.say, clock(), environment.scripts)
    fresh, vouched = _accounted(environment, held, verifier, told, said.say, root)
    if fresh != known:
        kept.keep(_key(environment), fresh)
    return Inventory(
        environment=environment,
        installed=tuple(_installed(one) for one in sorted(held, key=lambda one: (one.name, one.folder))),
        oddities=tuple(told.all()),
        added=_added(environment, held, said.say),
        gaps=said.all,
        vouched=vouched,
        files=len(files.regular) + len(files.others),
        digested=verifier.digested,
    )


def _accounted(
    environment: Environment,
    held: list[Dist],
    verifier: Verifier,
    told: Told,
    note: Callable[[str], None],
    root: Path,
) -> tuple[dict[str, Stamp], frozenset[str]]:
    """Account for every file; returns the stamps for the next time, and whose files are as they promise."""
    files, known = verifier.files, verifier.known
    brought, whole = vendors(environment, str(root), note)
    claimed = claims(environment, held, brought, files, told)
    _without_list(held, claimed.owner, told)
    verifier.verify(claimed, told)
    compiled = Compiled(files, claimed, known, note)
    compiled.compare(told, verifier.changed)
    if environment.kind is not EnvironmentKind.CACHE:
        owners = Owners(environment, tuple(held), claimed, files, note)
        owners.orphans(told, only_startup=not whole)
        owners.commands(told)
        owners.foreign(told)
    return verifier.stamps | compiled.stamps, verifier.vouched(claimed)


def _metadata(held: list[Dist], told: Told, *, twice: bool) -> None:
    """Tell what is wrong with the metadata of each, and of projects that stand twice."""
    by_name: dict[tuple[str, str], list[Dist]] = {}
    for dist in held:
        for oddity in dist.oddities:
            told.add(oddity)
        by_name.setdefault((dist.name, dist.installed.site), []).append(dist)
    for (name, _), same in by_name.items():
        if twice and len(same) > 1 and len({one.installed.version for one in same}) > 1:
            versions = " and ".join(sorted(one.installed.version or "an unknown one" for one in same))
            told.tell(Oddness.BAD_METADATA, same[0].folder, name, f"it is installed twice, as {versions}")


def _without_list(held: list[Dist], owner: dict[str, int], told: Told) -> None:
    """Tell of distributions whose files nothing lists."""
    for dist in held:
        own = (dist.folder, *(os.path.join(dist.folder, one) for one in ("METADATA", "PKG-INFO")))
        if dist.rows is None and not any(one in owner for one in own):
            told.tell(Oddness.NO_RECORD, dist.folder, dist.name, "nothing says which files are its own")


def _installed(dist: Dist) -> Installed:
    return replace(dist.installed, files=None if dist.rows is None else len(dist.rows))


def _added(environment: Environment, held: list[Dist], note: Callable[[str], None]) -> tuple[str, ...]:
    folders = added_folders(environment.site, note) if environment.kind is not EnvironmentKind.CACHE else []
    folders += [
        folder for dist in held if (folder := editable_folder(dist.installed.origin)) and is_folder(folder)
    ]
    outside = [one for one in folders if not any(inside(one, site) for site in environment.site)]
    return tuple(dict.fromkeys(outside))[: limits.MAX_ADDED]


def _key(environment: Environment) -> str:
    """What an environment's stamps are kept under: its real folders, whatever leads to them."""
    places = environment.site or (environment.root,)
    return "\n".join([os.path.realpath(environment.root), *(os.path.realpath(one) for one in places[:64])])
