"""Who is expected of a project, and what two of the weights come to alone."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stockade.acquire.reference import weights
from stockade.analyse.identity.publisher import Signed, expected, predecessor, unsure
from stockade.analyse.judge import parse_model
from stockade.model.identity import Attested, Past, Pin, ProjectHistory, Publisher
from stockade.model.project import ProjectName

AT = datetime(2026, 11, 24, tzinfo=UTC)
ADA = Publisher(kind="GitHub", repository="ada/demo", identifier="7")
MALLORY = Publisher(kind="GitHub", repository="mallory/demo", identifier="9")


def day(number: int) -> datetime:
    return AT - timedelta(days=number)


HISTORY = ProjectHistory(
    project=ProjectName("demo"),
    at=AT,
    releases=(
        Past(version="0.9", uploaded=None, files=1, attested=True),
        Past(version="1.0", uploaded=day(300), files=1, attested=True),
        Past(version="1.1", uploaded=day(200), files=1),
        Past(version="1.2", uploaded=day(5), files=1, attested=True),
    ),
)


def pin(who: Publisher, version: str, uploaded: datetime | None, seen: datetime | None = None) -> Pin:
    return Pin(publisher=who, version=version, uploaded=uploaded, seen=seen)


def signed(
    version: str, who: Publisher | None, expects: Pin | None = None, before: Pin | None = None
) -> Signed:
    files = (Attested(filename="demo.whl", publishers=(who,)),) if who else ()
    return Signed(history=HISTORY, version=version, files=files, pin=expects, before=before)


def test_the_first_that_holds_is_expected() -> None:
    assert expected(signed("1.0", ADA), AT) == pin(ADA, "1.0", day(300), AT)
    assert expected(signed("1.0", None), AT) is None
    broken = Attested(filename="demo.whl", publishers=(ADA,), invalid="it is of other bytes")
    assert expected(replace(signed("1.0", None), files=(broken,)), AT) is None


def test_it_follows_later_releases_and_remembers_the_first_sight() -> None:
    seen = pin(ADA, "1.0", day(300), day(250))
    assert expected(signed("1.2", ADA, seen), AT) == pin(ADA, "1.2", day(5), day(250))
    later = pin(ADA, "1.2", day(5), day(4))
    assert expected(signed("1.0", MALLORY, later), AT) is None


def test_a_young_stranger_is_not_expected_and_an_old_one_is() -> None:
    seen = pin(ADA, "1.0", day(300), day(250))
    assert expected(signed("1.2", MALLORY, seen), AT) is None
    assert expected(signed("1.2", MALLORY, None, pin(ADA, "1.0", day(300))), AT) == pin(
        ADA, "1.0", day(300), AT
    )
    assert expected(signed("1.1", MALLORY, seen), AT) == pin(MALLORY, "1.1", day(200), AT)


def test_only_a_young_release_that_nothing_speaks_for_costs_a_look_at_the_one_before() -> None:
    assert unsure(signed("1.2", ADA))
    assert unsure(signed("1.2", MALLORY, pin(ADA, "1.0", day(300))))
    assert not unsure(signed("1.2", ADA, pin(ADA, "1.0", day(300))))
    assert not unsure(signed("1.2", None))
    assert not unsure(signed("1.0", ADA))
    found = predecessor(HISTORY, "1.2")
    assert found is not None
    assert found.version == "1.0"
    row = (*HISTORY.releases, Past(version="1.3", uploaded=day(4), files=1, attested=True))
    found = predecessor(replace(HISTORY, releases=row), "1.3")
    assert found is not None
    assert found.version == "1.0"
    found = predecessor(replace(HISTORY, releases=row[-2:]), "1.3")
    assert found is not None
    assert found.version == "1.2"
    assert predecessor(HISTORY, "1.0") is None
    assert predecessor(HISTORY, "0.9") is None
    assert predecessor(HISTORY, "7") is None


def test_what_contradicts_a_signature_asks_alone_and_blocks_nothing() -> None:
    model = parse_model(weights())
    for name in ("publisher-changed", "attestation-invalid"):
        alone = 1 / (1 + math.exp(-model.intercept - model.weights[name]))
        assert model.ask < alone < model.block
