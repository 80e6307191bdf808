"""What a project's name may be taken for, and what the names of its requirements say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLike:
    """The project `name` may be taken for the known `target`, by `mechanisms`, with a `score` from 0.5 to 1.

    `downloads` of the target a month as of `date`, None for a module of Python's standard library; whoever is not on
    the list, as `name` isn't, has fewer than `fewer`. `file` is the archive that bears the name.
    """

    name: str
    target: str
    mechanisms: tuple[str, ...]
    score: float
    downloads: int | None
    fewer: int
    date: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredLike:
    """A `requirement`, as written, on a project whose name is a slip away from a known one's."""

    requirement: str
    like: NameLike


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredMalicious:
    """A `requirement`, as written, that `versions` of `project` satisfy which were removed as malicious; `file` is the
    archive that has it."""

    requirement: str
    project: str
    versions: tuple[str, ...]
    file: str
