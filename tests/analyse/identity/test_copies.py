"""Which known project a new one is compared with, and what hostile readmes cost."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stockade import limits
from stockade.acquire.reference import repositories
from stockade.analyse.identity.copies import copies, model
from stockade.cli.known import names
from stockade.model.identity import Claims, Past, ProjectHistory
from stockade.model.project import ProjectName

AT = datetime(2026, 11, 24, tzinfo=UTC)
LINK = (("Source", "https://github.com/psf/requests"),)


def of(name: str, days: int | None = 3, links: tuple[tuple[str, str], ...] = ()) -> ProjectHistory:
    when = None if days is None else AT - timedelta(days=days)
    past = Past(version="1.0", uploaded=when, files=1)
    return ProjectHistory(project=ProjectName(name), at=AT, releases=(past,), claims=Claims(links=links))


@pytest.mark.parametrize(
    ("history", "target"),
    [
        (of("reqeusts"), "requests"),
        (of("quite-unlike-anything", links=LINK), "requests"),
        (of("quite-unlike-anything"), None),
        (of("requests"), None),
        (of("numpy", links=LINK), None),
        (of("reqeusts", days=366), None),
        (of("reqeusts", days=None), None),
        (replace(of("reqeusts"), claims=None), None),
    ],
)
def test_the_known_project_that_a_new_one_is_compared_with(
    history: ProjectHistory, target: str | None
) -> None:
    assert model(history, names([]), repositories()) == target


@pytest.mark.parametrize("line", ["x", "\n", "a\n", "_ ", "fork", "fork\n", "ab cd ef\n"])
def test_the_longest_readmes_take_no_time(line: str) -> None:
    text = line * (limits.MAX_DESCRIPTION // len(line))
    began = time.process_time()
    copies(
        replace(of("reqeusts"), claims=Claims(description=text)),
        ProjectName("requests"),
        Claims(description=text),
    )
    assert time.process_time() - began < 2
