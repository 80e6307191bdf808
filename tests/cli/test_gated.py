"""Without the libraries of the extra ``gate``, the gate's commands say what to install, and nothing else."""

from __future__ import annotations

import pytest

from stockade.cli import gated
from tests.cli.conftest import Run


def test_what_is_missing_is_named_with_what_brings_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gated, "NEEDED", ("sys", "no_such_library"))
    for words in (("run", "--", "true"), ("serve", "--port", "0")):
        ran = run(*words)
        assert ran.code == 1
        assert "no_such_library" in ran.err
        assert "stockade[gate]" in ran.err
        assert "--port" not in ran.err
