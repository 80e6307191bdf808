"""Every variant of the campaign, analysed and linked in one process: what the command line does, without its walls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stockade.analyse.closure import linked
from stockade.analyse.engine import analyse
from stockade.model.artifact import Kind
from stockade.model.project import Digest
from tests.cli.campaign.test_variants import EVERY, NOT_YET
from tests.support.campaign import Campaign

_KINDS = {"wheel": Kind.WHEEL, "sdist": Kind.SDIST}


def _variants() -> Iterator[object]:
    for group, campaigns in EVERY.items():
        for name, made in campaigns.items():
            told = f"{group}: {name}"
            if told not in NOT_YET:
                yield pytest.param(made, id=told)


@pytest.mark.parametrize("made", list(_variants()))
def test_the_way_is_found(made: Campaign) -> None:
    every = made.every
    found = [
        analyse(one.data, filename=one.filename, kind=_KINDS[one.form], sha256=Digest("0" * 64))
        for one in every
    ]
    assert [gap for one in found for gap in one.gaps if gap.why.startswith("failed")] == []
    evidence = {
        one.filename: {each.detector for each in result.evidence if each.path}
        for one, result in zip(
            every, linked([one.filename for one in every], [one.name for one in every], found), strict=True
        )
    }
    for one in made.guilty:
        assert evidence[one.filename], evidence
