"""A command is written down so that it is known again, and no secret with it."""

from __future__ import annotations

import shlex

import pytest

from stockade.act.gate.words import written_down


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("pip install flask", "pip install flask"),
        ("uv pip install 'flask>=3'", "uv pip install 'flask>=3'"),
        ("python3.11 -m pip install -r requirements.txt", "python3.11 -m pip install -r requirements.txt"),
        ("poetry config --token s3cret x", "poetry config --token … x"),
        ("pip install --api-key=s3cret x", "pip install --api-key=… x"),
        ("pdm install MY_PASSWORD=s3cret", "pdm install MY_PASSWORD=…"),
        ("pip install --auth_token s3cret", "pip install --auth_token …"),
        ("pip install author", "pip install author"),
        ("make install TOKEN=s3cret", "make …"),
        ("sh -c 'TOKEN=s3cret pip install x'", "sh …"),
        ("uv run tool --password s3cret", "uv …"),
        ("'my tool'", "'my tool'"),
        ("", ""),
    ],
)
def test_what_is_written_down(typed: str, kept: str) -> None:
    assert written_down(shlex.split(typed)) == kept
