"""Every escapee meets what the table says: as root and as an ordinary user, behind each mechanism, on each kernel."""

from __future__ import annotations

import pytest

from tests.jail.running import got_out, run, spec
from tests.jail.table import Leak, Setting, Trial, Who, cases


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
