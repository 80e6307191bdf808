"""Fixtures of the acquiring tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.asking import Ask, Asking, open_asking


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Opens indexes and fetchers, and closes them when the test is over."""
    opened: list[Asking] = []

    def one(*args: object, **more: object) -> Asking:
        opened.append(open_asking(*args, **more))  # type: ignore[arg-type]
        return opened[-1]

    yield one
    for asking in opened:
        asking.close()
