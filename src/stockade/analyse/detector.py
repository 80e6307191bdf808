"""The whole plugin API: a detector is one function on the narrowest fact that shows what it looks for.

    @detector("install-time-network", on=Call)
    def install_time_network(call: Call) -> Iterator[Evidence]:
        '''Network call made while the package is being installed.

        What: …
        Why: …
        Benign twins: …
        Blind spots: …
        '''

The id, the file's name (with underscores), the test folder and the anchor in docs/detectors.md are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from stockade.model.evidence import Evidence

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Detector(Generic[F]):
    """A named check on facts of one type. `check` yields evidence and must not keep state between calls."""

    id: str
    on: type[F]
    check: Callable[[F], Iterator[Evidence]]

    @property
    def doc(self) -> str:
        """The docstring: summary, then What / Why / Benign twins / Blind spots."""
        return self.check.__doc__ or ""


def detector(id: str, *, on: type[F]) -> Callable[[Callable[[F], Iterator[Evidence]]], Detector[F]]:  # noqa: A002 - the field's word
    """Make a Detector of a function; the engine finds it by its file in ``detectors/``."""

    def wrap(check: Callable[[F], Iterator[Evidence]]) -> Detector[F]:
        return Detector(id, on, check)

    return wrap
