"""Every escapee meets what the table says: as root and as an ordinary user, behind each mechanism, on each kernel."""

from __future__ import annotations

import pytest

from tests.jail.running import got_out, run, spec
from tests.jail.table import MUTANTS, TRIALS, Leak, Mutant, Setting, Trial, Who, cases


@pytest.mark.parametrize(
    ("trial", "setting", "who"),
    [pytest.param(*one, id=f"{one[1].name.lower()}-{one[0].name}-{one[2]}") for one in cases()],
)
def test_an_escapee_meets_what_the_table_says(trial: Trial, setting: Setting, who: Who) -> None:
    outcome = run(spec(trial, setting, who))

    met = trial.meets(setting, who)
    if isinstance(met, Leak):
        assert got_out(trial.proof, outcome), (met, outcome)
    else:
        assert outcome.code in trial.ends, (met, outcome)
        assert not got_out(trial.proof, outcome), (met, outcome)
        assert not outcome.got and outcome.changed == [], (met, outcome)


@pytest.mark.parametrize(
    ("mutant", "name"),
    [
        pytest.param(one, name, id=f"{one.setting.name.lower()}-{one.wall}-{name}-{one.who}")
        for one in MUTANTS
        for name in one.trials
    ],
)
def test_without_its_wall_an_escapee_gets_out(mutant: Mutant, name: str) -> None:
    """So the test above would fail without that wall."""
    trial = TRIALS[name]
    assert not isinstance(trial.meets(mutant.setting, mutant.who), Leak)

    outcome = run(spec(trial, mutant.setting, mutant.who, mutant.pieces))

    assert got_out(trial.proof, outcome), outcome


@pytest.mark.parametrize("mechanism", sorted({setting.mechanism for setting in Setting}))
def test_every_wall_of_the_table_has_a_mutant(mechanism: str) -> None:
    named = {
        met
        for trial, setting, who in cases()
        if setting.mechanism == mechanism and isinstance(met := trial.meets(setting, who), str)
    }

    assert named == {one.wall for one in MUTANTS if one.setting.mechanism == mechanism}
