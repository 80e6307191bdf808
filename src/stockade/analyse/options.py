"""What a caller may choose of an analysis. A module of its own, since the parent needs it and not the engine."""

from __future__ import annotations

from dataclasses import dataclass

from stockade import limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a caller may choose. `rules`: sources of YARA rules of their own. `seconds`: processor time after
    which no further file is looked at (a limit gap). `everything`: parse every Python file. `reference`: the digest
    of the reference of known projects in use, "" for none; with `leave_out`, which measurements use, what it knows of
    the artifact's own project is not used."""

    rules: tuple[str, ...] = ()
    seconds: float = limits.WORKER_SECONDS / 2
    everything: bool = False
    reference: str = ""
    leave_out: bool = False
