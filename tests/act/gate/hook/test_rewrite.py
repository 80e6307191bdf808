"""Commands put behind `stockade run`."""

from __future__ import annotations

import shlex

import pytest

from stockade.act.gate.hook.rewrite import guarded


def test_a_plain_command_stays_one() -> None:
    assert guarded("pip install flask==3") == "stockade run -- pip install flask==3"
    assert guarded(" uv sync ", "/opt/my tools/stockade") == "'/opt/my tools/stockade' run -- uv sync"


@pytest.mark.parametrize(
    "command",
    [
        "cd x && pip install a",
        "A=1 pip install a",
        "pip install 'a>=1'",
        "pip install $X",
        "cat <<E\nit's\nE",
        "pip install ~/x",
    ],
)
def test_anything_else_gets_a_shell(command: str) -> None:
    assert shlex.split(guarded(command)) == ["stockade", "run", "--", "bash", "-c", command]


@pytest.mark.parametrize(
    "command", ["sudo pip install a", "docker run x pip install a", "env -i pip install a", "pip install 'a"]
)
def test_what_would_leave_the_gate_is_not_wrapped(command: str) -> None:
    assert guarded(command) == ""
