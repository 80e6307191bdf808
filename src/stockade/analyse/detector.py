"""The whole plugin API: a detector is one function on the narrowest fact that shows what it looks for.

    @detector("install-time-network", on=Call, when=networks)
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
    """A named check on facts of one type. `check` yields evidence and must not keep state between calls.

    It sees only facts for which `when` holds; the engine asks that once for all detectors that share it.
    """

    id: str
    on: type[F]
    check: Callable[[F], Iterator[Evidence]]
    when: Callable[[F], bool] | None = None

    @property
    def doc(self) -> str:
        """The docstring: summary, then What / Why / Benign twins / Blind spots."""
        return self.check.__doc__ or ""


def detector(
    id: str,  # noqa: A002 - the field's word
    *,
    on: type[F],
    when: Callable[[F], bool] | None = None,
) -> Callable[[Callable[[F], Iterator[Evidence]]], Detector[F]]:
    """Make a Detector of a function; the engine finds it by its file in ``detectors/``."""

    def wrap(check: Callable[[F], Iterator[Evidence]]) -> Detector[F]:
        return Detector(id, on, check, when)

    return wrap
