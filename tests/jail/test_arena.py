"""The outer safety of the escapees: without any jail each gets what it wants of the arena, and nothing else."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from tests.jail import running
from tests.jail.arena import Spec
from tests.jail.escapees import run
from tests.jail.escapees.facts import Facts
from tests.jail.table import TRIALS, Who

_NOWHERE = Facts(
    host_network=0,
    home="/nonexistent",
    project="/nonexistent",
    hidden="/nonexistent",
    readable="/nonexistent",
    private="/nonexistent",
    suid="/nonexistent",
    canary=0,
    canary_memory=0,
    canary_descriptor=0,
    port=1,
    metadata="127.0.0.1",
    resolver="127.0.0.1",
    abstract="",
    sockets={},
    descriptor=99,
    variable="",
    key="",
    segment=0,
    handle=(0, ""),
    user=0,
)


@pytest.mark.parametrize(
    ("name", "who"), [(trial.name, who) for trial in TRIALS.values() for who in trial.who]
)
def test_without_a_jail_every_escapee_gets_out(name: str, who: Who) -> None:
    trial = TRIALS[name]

    outcome = running.run(Spec(escapee=name, user=running.user(who), limit=trial.limit, linked=trial.linked))

    assert running.got_out(trial.proof, outcome), outcome


def test_every_escapee_is_in_the_table() -> None:
    assert run.ESCAPES.keys() == TRIALS.keys()


@pytest.mark.parametrize("name", sorted(run.ESCAPES))
def test_an_escapee_refuses_to_run_in_the_network_of_the_host(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    here = replace(_NOWHERE, host_network=os.stat("/proc/self/ns/net").st_ino)

    assert run.main([name, here.text()]) == run.UNSAFE
    assert capsys.readouterr().out == "unsafe: this is the host's network\n"
