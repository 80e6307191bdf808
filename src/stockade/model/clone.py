"""What of an artifact is somebody else's known project, and what is not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """Lines `first` to `last` of a file that are in no known release of the original: the function `name`, or ""
    for code outside functions."""

    file: str
    first: int
    last: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """An artifact that is, for the most part, the known project `project`, and does not bear its name.

    `where` is the folder, or file, that most of it lies in. `versions` are the releases that it was compared with, the
    newest first. `share` in [0, 1] is how much of the artifact's own function code, by size, they hold; `known` of its
    `functions` are in them. `differs` are the others, at most limits.MAX_DIFFERS; `more` where there are further ones.
    `family`: its name says that it is a variant of the original (opencv-python-headless), so that its being a copy
    says nothing.
    """

    where: str
    project: str
    versions: tuple[str, ...]
    share: float
    known: int
    functions: int
    differs: tuple[Differs, ...] = ()
    more: bool = False
    family: bool = False

    def adds(self, file: str, line: int) -> bool:
        """Whether a line is one that the original does not have, as far as `differs` goes."""
        return any(one.file == file and one.first <= line <= one.last for one in self.differs)
