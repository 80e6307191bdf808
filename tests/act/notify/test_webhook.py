"""Webhooks against a sink on this machine: forms, signatures, and errors that give nothing away."""

from __future__ import annotations

import hashlib
import hmac
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest

from stockade.act.notify.message import ALERT_SCHEMA, MESSAGE_SCHEMA, condemned, message
from stockade.act.notify.webhook import Kind, Webhook, checked
from stockade.errors import NotifyFailed
from stockade.model.advisory import Advisory, Match
from stockade.model.sighting import Alert, Sighting, SightingKind
from tests.act.test_json import validator
from tests.support.environments import ROOT, release
from tests.support.records import NOW
from tests.support.sink import Sink

SECRET = b"a secret of sixteen bytes and more"
EVIL = "evil <!channel> <https://evil.invalid|click> [x](y) & co\x1b[2J\u202e"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as made:
        yield made


def alert(summary: str = "sends secrets away", *, number: int = 1) -> Alert:
    found = release(f"evil=={number}.0")
    told = Advisory(
        id=f"MAL-2026-{number}",
        project=found.name,
        source="osv",
        malicious=True,
        summary=summary,
        published=NOW,
    )
    here = Sighting(
        key=f"installed:{number}",
        kind=SightingKind.ENVIRONMENT,
        release=found,
        machine="ada",
        place=ROOT,
        at=NOW - timedelta(days=1),
        first=NOW,
        last=NOW,
        by="pip",
    )
    given = Sighting(
        key=f"delivered:{number}",
        kind=SightingKind.DELIVERY,
        release=found,
        machine="ci",
        place="10.0.0.7",
        at=NOW,
        first=NOW,
        last=NOW,
        command="pip install evil",
        folder="/build",
        by="pip/26",
    )
    return condemned(found, [Match(release=found, advisory=told)], [here, given], NOW)


def hook(sink: Sink, kind: Kind = Kind.JSON, secret: bytes | None = None) -> Webhook:
    return Webhook(
        name="team", kind=kind, url=lambda: sink.url, secret=lambda: secret, clock=lambda: NOW, seconds=2
    )


def test_json_says_all_of_it_and_is_signed(sink: Sink) -> None:
    said = message([alert()])
    hook(sink, secret=SECRET).tell(said)
    (told,) = sink.told
    stamp = told.headers["Stockade-Timestamp"]
    assert stamp == str(int(NOW.timestamp()))
    mac = hmac.new(SECRET, stamp.encode() + b"." + told.body, hashlib.sha256).hexdigest()
    assert told.headers["Stockade-Signature"] == f"v1={mac}"
    assert told.headers["Stockade-Message"] == said.id == told.value["id"]
    (one,) = told.value["alerts"]
    validator(MESSAGE_SCHEMA).validate(told.value)
    validator(ALERT_SCHEMA).validate(one)
    assert (one["project"], one["version"], one["advisories"][0]["id"]) == ("evil", "1.0", "MAL-2026-1")
    assert [where["place"] for where in one["sightings"]] == [ROOT, "10.0.0.7"]
    assert told.value["lines"] == [
        "MAL-2026-1: sends secrets away (osv, published Tuesday 2026-11-24 15:30 UTC)",
        (
            f"installed on Monday 2026-11-23 15:30 UTC in {ROOT} on ada by pip;"
            " still there on Tuesday 2026-11-24 15:30 UTC"
        ),
        "given out on Tuesday 2026-11-24 15:30 UTC to 10.0.0.7 on ci by pip/26, for `pip install evil` in /build",
        "Take it out (`stockade audit --fix PATH`), and treat whatever that machine's secrets open as open to others.",
    ]


def test_without_a_secret_nothing_is_signed(sink: Sink) -> None:
    hook(sink).tell(message([alert()]))
    assert "Stockade-Signature" not in sink.told[0].headers


def test_nothing_in_a_slack_message_is_a_mention_or_a_link(sink: Sink) -> None:
    hook(sink, Kind.SLACK).tell(message([alert(EVIL)]))
    value = sink.told[0].value
    assert value["text"].startswith("*evil 1.0 is condemned, and it was here*\n• MAL-2026-1: ")
    assert "&lt;!channel&gt;" in value["text"] and "<" not in value["text"] and "\x1b" not in value["text"]
    assert value["unfurl_links"] is False


def test_a_teams_card_reads_nothing_as_markdown(sink: Sink) -> None:
    hook(sink, Kind.TEAMS).tell(message([alert(EVIL)]))
    (card,) = sink.told[0].value["attachments"]
    blocks = card["content"]["body"]
    assert {one["type"] for one in blocks} == {"RichTextBlock"}
    assert "[x](y)" in blocks[1]["inlines"][0]["text"]


def test_many_alerts_are_one_digest(sink: Sink) -> None:
    many = message([alert(number=number) for number in range(30)])
    assert many.title == "30 condemned releases were here"
    assert len(many.lines) == 21 and many.lines[-1].startswith("and 10 more")
    hook(sink).tell(many)
    assert len(sink.told[0].value["alerts"]) == 30


@pytest.mark.parametrize(
    ("status", "headers", "said", "wait"),
    [
        (500, {}, "127.0.0.1 answers 500", 0),
        (404, {}, "127.0.0.1 answers 404", 0),
        (429, {"Retry-After": "77"}, "127.0.0.1 answers 429", 77),
        (503, {"Retry-After": "99999999"}, "127.0.0.1 answers 503", 3600),
        (503, {"Retry-After": "Tue, 24 Nov 2026 10:00:00 GMT"}, "127.0.0.1 answers 503", 0),
        (302, {"Location": "http://127.0.0.1:9/"}, "127.0.0.1 redirects, which is not followed", 0),
    ],
)
def test_what_is_not_taken_is_told_without_the_address(
    sink: Sink, status: int, headers: dict[str, str], said: str, wait: float
) -> None:
    sink.answers = [(status, headers)]
    with pytest.raises(NotifyFailed) as caught:
        hook(sink).tell(message([alert()]))
    assert (str(caught.value), caught.value.wait) == (said, wait)


def test_nobody_there_and_nobody_answering_are_told_without_the_address() -> None:
    with Sink() as gone:
        url = gone.url
    with pytest.raises(NotifyFailed, match=r"^127\.0\.0\.1 cannot be reached$"):
        Webhook(name="x", kind=Kind.JSON, url=lambda: url).tell(message([alert()]))
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/s3cr3t"
        with pytest.raises(NotifyFailed, match=r"^127\.0\.0\.1 does not answer within 0\.1 s$"):
            Webhook(name="x", kind=Kind.JSON, url=lambda: url, seconds=0.1).tell(message([alert()]))


def test_an_answer_that_is_no_http_is_told_without_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as odd:
        import threading

        def answer() -> None:
            made, _ = odd.accept()
            made.recv(99_999)
            made.sendall(b"nonsense\r\n\r\n")
            made.close()

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{odd.getsockname()[1]}/s3cr3t"
        with pytest.raises(NotifyFailed, match=r"^127\.0\.0\.1 cannot be told: RemoteProtocolError$"):
            Webhook(name="x", kind=Kind.JSON, url=lambda: url).tell(message([alert()]))
        thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks",
        "http://hooks.example/x",
        "ftp://hooks.example/x",
        "https://",
        "https://[::1/x",
        "https://a b/",
    ],
)
def test_addresses_that_nothing_goes_to(url: str) -> None:
    with pytest.raises(NotifyFailed):
        checked(url)
    assert checked("https://hooks.example/x") and checked("http://[::1]:8/x")
