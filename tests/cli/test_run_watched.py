"""`stockade run` under a policy that only watches: nothing is refused, and everything is told as always."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support.index import TwinIndex

FETCH = "import sys, urllib.request as u; print(len(u.urlopen(sys.argv[1]).read()))"


def test_what_would_be_refused_goes_out_and_is_told(
    run: Run, index: TwinIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    policy = tmp_path / "watching.toml"
    policy.write_text('mode = "monitor"\n')
    trojan = f"{index.base}/files/reqeusts-2.32.1.tar.gz"
    ran = run("run", "--policy", policy, "--", sys.executable, "-c", FETCH, trojan)
    assert ran.code == 0, ran.err
    assert "BLOCK" in ran.err
    assert "https://collect.reqeusts.invalid/in" in ran.err
