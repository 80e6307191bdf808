"""A throwaway home that looks lived in: each secret in it opens nothing, and is found again wherever it goes.

What is laid out: files below the home, variables, what cloud metadata services hand out, and arguments for calls. Each
holds a marker that no other run has (model.observation.Decoy).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stockade.acquire.detonate.decoys.arguments import arguments
from stockade.acquire.detonate.decoys.browsers import browsers
from stockade.acquire.detonate.decoys.clouds import clouds
from stockade.acquire.detonate.decoys.laid import Laying
from stockade.acquire.detonate.decoys.machines import Machines, machines
from stockade.acquire.detonate.decoys.maker import Maker
from stockade.acquire.detonate.decoys.tools import tools
from stockade.acquire.detonate.decoys.wallets import wallets
from stockade.model.observation import Decoy


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Everything that was laid out: `variables` of the environment, `seeds` for arguments (a pattern of a parameter's
    name, the decoy for a constructor, the one for a call; the first that matches is taken), and what metadata services
    hand out."""

    decoys: tuple[Decoy, ...]
    variables: Mapping[str, str]
    seeds: tuple[tuple[str, str, str], ...]
    machines: Machines


def lay_out(home: Path, *, seed: str | None = None) -> Laid:
    """Furnish the home at `home`. The same `seed` gives the same decoys; without one nobody can foretell them."""
    laying = Laying(home, Maker(seed))
    for furnish in (clouds, tools, browsers, wallets):
        furnish(laying)
    served = machines(laying)
    seeds = arguments(laying)
    return Laid(decoys=tuple(laying.decoys), variables=dict(laying.variables), seeds=seeds, machines=served)
