"""What an observation comes to: theft is proof, other deeds are less, and what honest programs do is nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from stockade.acquire.reference import weights
from stockade.analyse.judge import parse_model, score
from stockade.analyse.observed import observed
from stockade.analyse.observed.facts import HandedOn, Opened, Settled, Started, Stolen
from stockade.analyse.observed.thefts import belongs, hidden
from stockade.analyse.observed.words import domain
from stockade.analyse.standing import remarked
from stockade.model.assessment import Findings
from stockade.model.evidence import Phase
from stockade.model.observation import (
    ANYBODY,
    ARGUMENT,
    IDENTIFIER,
    IN_HEADER,
    Act,
    Decoy,
    Event,
    Exchange,
    Observation,
    Stage,
)
from stockade.model.project import Digest
from tests.support.disguises import DECOY, MARKER, get, lookup, post, raw

SIGNING = Decoy(marker=MARKER, where=f"{ARGUMENT} of a constructor", what="secret key", meant=(IN_HEADER,))
TOKEN = Decoy(marker=MARKER, where=f"{ARGUMENT} of a constructor", what="token", meant=(ANYBODY,))
WHO = Decoy(
    marker=b"AKIAQ2W3E4R5T6Y7U2I3", where=f"{ARGUMENT} of a constructor", what=IDENTIFIER, meant=(ANYBODY,)
)


def seen(
    *exchanges: Exchange, decoys: tuple[Decoy, ...] = (DECOY,), events: tuple[Event, ...] = ()
) -> Observation:
    return Observation(
        filename="demo-1.0.tar.gz",
        sha256=Digest("0" * 64),
        started=datetime(2026, 1, 1, tzinfo=UTC),
        decoys=decoys,
        exchanges=exchanges,
        events=events,
    )


def judged(observation: Observation) -> float:
    """The score of an artifact that nothing else is known of."""
    nothing = Findings(sha256=Digest("0" * 64), project="demo", version="1.0")
    return score(remarked(nothing, observed(observation).facts).evidence, parse_model(weights()))


def event(stage: Stage, act: Act, what: str) -> Event:
    return Event(seconds=0.0, stage=stage, act=act, what=what)


@pytest.mark.parametrize("stage", Stage)
def test_theft_alone_blocks_whenever_it_was(stage: Stage) -> None:
    assert judged(seen(post(MARKER, stage=stage))) >= parse_model(weights()).block


def test_what_less_says_asks_at_most() -> None:
    model = parse_model(weights())
    browser = Decoy(marker=MARKER, where="~/.mozilla/firefox/x/key4.db", what="x")
    asks = (
        seen(post(MARKER), decoys=(SIGNING,)),
        seen(
            decoys=(browser,),
            events=(event(Stage.IMPORT, Act.READ, "/home/lena/.mozilla/firefox/x/key4.db"),),
        ),
        seen(
            events=(
                event(Stage.IMPORT, Act.WRITE, "/tmp/a"),
                event(Stage.IMPORT, Act.EXECUTE, "/tmp/a"),
            )
        ),
        seen(events=(event(Stage.IMPORT, Act.WRITE, "/home/lena/.bashrc"),)),
    )
    for one in asks:
        assert model.ask <= judged(one) < model.block
    assert judged(seen(get("/latest/meta-data", "169.254.169.254"))) < model.ask
    assert judged(seen(get("/"), lookup(b"service.example"), raw(b"hello"))) < model.ask


def test_a_decoy_is_stolen_once_from_each_host_that_it_goes_to() -> None:
    facts = observed(seen(post(MARKER), post(MARKER[::-1]), post(MARKER, "other.invalid"))).facts
    assert [one.exchange.host for one in facts if isinstance(one, Stolen)] == [
        "collect.invalid",
        "other.invalid",
    ]


@pytest.mark.parametrize(
    ("decoy", "exchange", "kind"),
    [
        (SIGNING, get("/", headers=f"X-Key: {MARKER.decode()}\r\n"), None),
        (SIGNING, get(f"/?k={MARKER.decode()}"), HandedOn),
        (SIGNING, raw(MARKER), HandedOn),
        (SIGNING, raw(MARKER, "udp"), Stolen),
        (SIGNING, post(MARKER[::-1]), Stolen),
        (SIGNING, post(MARKER + WHO.marker), Stolen),
        (SIGNING, raw(MARKER + WHO.marker), HandedOn),
        (TOKEN, post(MARKER + WHO.marker), None),
        (TOKEN, raw(MARKER), None),
        (TOKEN, raw(MARKER, "udp"), Stolen),
        (TOKEN, post(MARKER.hex().encode()), Stolen),
    ],
)
def test_arguments_are_stolen_where_no_client_would_send_them(
    decoy: Decoy, exchange: Exchange, kind: type | None
) -> None:
    facts = observed(seen(exchange, decoys=(decoy, WHO))).facts
    assert [type(one) for one in facts] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("host", "meant", "is_one"),
    [
        ("api.example", ("api.example",), True),
        ("API.example.", ("api.example",), True),
        ("api.example.evil.invalid", ("api.example",), False),
        ("a.api.example", ("api.example",), False),
        ("a.api.example", (".api.example",), True),
        ("api.example", (".api.example",), False),
        ("evilapi.example", (".api.example",), False),
        ("anything", (), False),
    ],
)
def test_whom_a_decoy_is_for(host: str, meant: tuple[str, ...], is_one: bool) -> None:
    assert belongs(host, meant) is is_one


@pytest.mark.parametrize(
    ("how", "is_hidden"),
    [
        ("", False),
        ("base64", False),
        ("URL-encoded, base64", False),
        ("XOR", True),
        ("gzip, reversed", True),
        ("split over 3 names", True),
    ],
)
def test_what_a_client_needs_no_disguise_for(how: str, is_hidden: bool) -> None:
    assert hidden(how) is is_hidden


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.b.collect.invalid", "collect.invalid"),
        ("a.collect.co.invalid", "collect.co.invalid"),
        ("single", "single"),
    ],
)
def test_whose_servers_are_asked(name: str, told: str) -> None:
    assert domain(name) == told


def test_deeds_are_told_once_and_in_their_phase() -> None:
    decoy = Decoy(marker=MARKER, where="~/.aws/credentials", what="x")
    read = "/home/lena/.aws/credentials"
    facts = observed(
        seen(
            decoys=(decoy,),
            events=(
                event(Stage.IMPORT, Act.READ, read),
                event(Stage.IMPORT, Act.READ, read),
                event(Stage.TOUCH, Act.READ, read),
                event(Stage.IMPORT, Act.READ, "/srv/credentials"),
                event(Stage.SCRIPT, Act.WRITE, "/home/lena/a"),
                event(Stage.SCRIPT, Act.EXECUTE, "/bin/sh /home/lena/a"),
                event(Stage.SCRIPT, Act.EXECUTE, "/bin/sh 'unbalanced"),
                event(Stage.SCRIPT, Act.WRITE, "link /home/lena/.zshrc -> /home/lena/b"),
                event(Stage.SCRIPT, Act.WRITE, "make /home/lena/.config/autostart/x.desktop"),
            ),
        )
    ).facts
    assert facts == (
        Opened(files=("~/.aws/credentials",), phase=Phase.IMPORT),
        Opened(files=("~/.aws/credentials",), phase=Phase.CALL),
        Started(path="/home/lena/a", command="/bin/sh /home/lena/a", phase=Phase.ENTRY),
        Settled(path="/home/lena/.zshrc", phase=Phase.ENTRY),
    )
