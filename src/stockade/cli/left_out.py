"""What project pages left out of what a command asked for: an installer only says that there is no such version."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from stockade.acquire.index.listing import same_version
from stockade.acquire.sources.requirements import asked_for
from stockade.errors import StockadeError
from stockade.model.project import ArtifactRef, ProjectName, Release

#: Projects of which the newest release that was not offered is told.
_TOLD = 5
_FILES = ("-r", "--requirement", "--requirements", "-c", "--constraint")


def left_out_of(
    words: Sequence[str], hidden: Mapping[ArtifactRef, str], newest: Collection[ArtifactRef]
) -> list[str]:
    """Sentences about what of `hidden` the command pins by name and version, in its `words` or in the requirements
    files that they name; then about the newest releases, one of each project."""
    pins = list(_pins(words)) if hidden else []
    pinned = {
        ref.release: why
        for ref, why in hidden.items()
        if any(ref.release.name == name and same_version(ref.release.version, pin) for name, pin in pins)
    }
    last: dict[ProjectName, Release] = {}
    why_last: dict[Release, str] = {}
    for ref, why in hidden.items():
        if ref in newest:
            last[ref.release.name] = ref.release
            why_last[ref.release] = why
    others = [one for one in last.values() if one not in pinned]
    told = [*pinned.items(), *((one, why_last[one]) for one in others[:_TOLD])]
    said = [f"{one.name} {one.version} was not offered: {why}" for one, why in told]
    if len(others) > _TOLD:
        said.append(f"nor were releases of {len(others) - _TOLD} other projects")
    return said


def _pins(words: Sequence[str]) -> Iterator[tuple[ProjectName, str]]:
    here = Path.cwd()
    for place, word in enumerate(words):
        name, sign, value = word.partition("=")
        if name in _FILES and (sign or words[place + 1 : place + 2]):
            files, targets = [Path(value if sign else words[place + 1])], []
        else:
            files, targets = [], [word]
        # What cannot be read as a requirement is the installer's to refuse.
        with suppress(StockadeError, OSError):
            asked = asked_for(targets, files, env=os.environ, folder=here)
            for one in asked.requirements:
                if one.pin is not None:
                    yield one.name, one.pin
