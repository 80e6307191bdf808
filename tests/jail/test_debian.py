"""Where bubblewrap is neither installed nor to be had, its tests say so; in CI that is a failure."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import debian


@pytest.fixture(autouse=True)
def _nothing_on_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PATH", "")
    debian._unpacked.cache_clear()
    yield
    debian._unpacked.cache_clear()


def test_without_apt_a_test_is_skipped_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="waits for apt-get: bubblewrap comes unpacked"):
        debian.debian("bubblewrap")


def test_in_ci_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="this machine lacks apt-get"):
        debian.debian("bubblewrap")
