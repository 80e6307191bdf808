"""``stockade feed``, and what advisories change in check, scan and policy, as a person would see it."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from stockade.act import feed_file
from stockade.errors import FeedStoreFailed
from stockade.model.advisory import Feed, FeedKind, FeedState
from stockade.remember import feeds
from tests.cli.conftest import Ran, Run, file_of
from tests.support import advisories
from tests.support.archives import wheel, wheel_name
from tests.support.feed_server import FeedServer
from tests.support.index import TwinIndex


@pytest.fixture(autouse=True)
def data(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data/feeds"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as one:
        one.publish(*advisories.incident_records())
        yield one


def policy(*rows: tuple[str, str, str], more: str = "") -> None:
    """A policy here that names these feeds: name, kind, url."""
    text = more
    for name, kind, url in rows:
        text += f'\n[[advisories.feeds]]\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\n'
    Path("stockade.toml").write_text(text)


def put(folder: Path, *data: bytes, checked: datetime | None = None, name: str = "ours") -> None:
    from stockade.acquire.advisories.osv import record

    at = checked or datetime.now(UTC)
    state = FeedState(name=name, kind=FeedKind.FOLDER, url="/ours", checked=at, full=at)
    with feeds.turn(folder):
        feed = Feed(name=name, kind=state.kind, url=state.url)
        feeds.replaced(folder, feed, (record(one, name) for one in data), lambda: state)


def told(ran: Ran) -> str:
    return " ".join((ran.out + ran.err).split())


def test_sync_and_status(run: Run, server: FeedServer) -> None:
    """The whole, then an increment, then what is here; the document is what its schema says."""
    policy(("osv", "osv", server.url))
    ran = run("feed", "status")
    assert ran.code == 11 and "never read here" in ran.out
    ran = run("feed", "sync")
    assert ran.code == 0, ran.err
    assert "osv: 20 records read; 20 malicious and 0 other advisories are here" in ran.out
    server.publish(advisories.record("X-1", "weak", "1", modified="2025-05-01T00:00:00Z"), archive=False)
    assert "osv: 1 records changed; 20 malicious and 1 other" in run("feed", "sync", "osv").out
    ran = run("feed", "status")
    assert ran.code == 0 and "20 malicious and 1 other advisories" in ran.out and "0 minutes ago" in ran.out
    ran = run("feed", "status", "--format", "json")
    document = json.loads(ran.out)
    schema = resources.files("stockade").joinpath("act/report/schemas/stockade-feeds-1.json").read_text()
    jsonschema.validate(document, json.loads(schema))
    assert document["feeds"][0]["records"] == 21 and document["max_age_seconds"] == 7 * 86_400


def test_a_feed_that_fails_keeps_its_copy_and_the_others_are_synced(run: Run, server: FeedServer) -> None:
    """Each failure a sentence with what to do next; the first one's code at the end."""
    Path("ours").mkdir()
    Path("ours/a.json").write_bytes(advisories.record("X-1", "weak", "1"))
    Path("ours/b.json").write_bytes(b"{}")
    policy(("osv", "osv", server.url), ("gone", "folder", "gone"), ("ours", "folder", "ours"))
    server.files["/eco/all.zip"] = b"<html>"
    ran = run("feed", "sync")
    assert ran.code == 1
    assert (
        "osv was not synced: feed osv:" in ran.err
        and "web page" in ran.err
        and "Check its address" in ran.err
    )
    assert "gone was not synced" in ran.err and "ours: 1 records read, 1 left out" in ran.out
    assert "b.json was left out" in ran.err
    ran = run("feed", "status")
    assert "1 records could not be read" in ran.out and "b.json" in ran.out
    assert run("feed", "sync", "gone").code == 3
    assert run("feed", "sync", "nobody").code == 2
    assert "--offline" in run("feed", "sync", "osv", "--offline").err


def test_status_says_when_there_is_nothing_or_it_is_old(run: Run, data: Path) -> None:
    """Exit 3, and 11; a damaged copy is told."""
    ran = run("feed", "status")
    assert ran.code == 3 and "stockade feed sync" in ran.out
    put(data, advisories.record("X-1", "weak", "1"), checked=datetime.now(UTC) - timedelta(days=9, minutes=1))
    ran = run("feed", "status")
    assert ran.code == 11 and "9 days ago" in ran.out and "older than the 7 days" in ran.out
    put(
        data, advisories.record("X-1", "weak", "1"), checked=datetime.now(UTC) - timedelta(hours=5, minutes=1)
    )
    assert "5 hours ago" in run("feed", "status").out
    feeds.path_of(data, "ours").write_bytes(b"x" * 5000)
    ran = run("feed", "status")
    assert ran.code == 3 and "ours.sqlite3" in ran.err


def test_what_one_machine_exports_another_takes_in(
    run: Run, server: FeedServer, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Record by record the same; a newer copy there stays."""
    policy(("osv", "osv", server.url))
    server.publish(advisories.record("X-1", "weak", "1", events=[("introduced", "0"), ("fixed", "2")]))
    assert run("feed", "export", "x.feeds").code == 1
    run("feed", "sync")
    ran = run("feed", "export", "x.feeds")
    assert ran.code == 0 and "osv: 21 records" in ran.out
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "other"))
    ran = run("feed", "import", "x.feeds")
    assert ran.code == 0 and "osv: 21 records" in ran.out
    other = tmp_path / "other/feeds"
    assert list(feeds.every(other, "osv")) == list(feeds.every(data, "osv"))
    here, there = feeds.state(data, "osv"), feeds.state(other, "osv")
    assert here is not None and there is not None
    assert (there.checked, there.records, there.version) == (here.checked, 21, "")
    put(other, name="osv")
    assert "osv: 0 records" in run("feed", "import", "x.feeds").out
    assert run("feed", "import", "nowhere").code == 3
    assert run("feed", "export", "no/such/folder").code == 1


def test_a_file_that_was_damaged_on_its_way_is_not_taken_in(run: Run, data: Path, tmp_path: Path) -> None:
    """Nothing of it, wherever the damage is."""
    put(data, *advisories.incident_records())
    export = tmp_path / "x.feeds"
    run("feed", "export", export)
    whole = gzip.decompress(export.read_bytes())
    lines = whole.splitlines(keepends=True)
    feeds.forgotten(data, "ours")
    rewritten = {
        "another word": whole.replace(b"snapshot-photo", b"snapshot-phot0"),
        "a line less": b"".join([*lines[:3], *lines[4:]]),
        "no end": b"".join(lines[:-1]),
        "half a line": whole[:-5],
        "more": whole + lines[3],
        "another form": b'{"form":"stockade-feeds-9"}\n',
        "no feeds at all": b"text\n",
        "nothing": b"",
        "a name that leads away": lines[0] + lines[1].replace(b'"ours"', b'"../x"') + b"".join(lines[2:]),
    }
    for what, content in rewritten.items():
        export.write_bytes(gzip.compress(content))
        ran = run("feed", "import", export)
        assert (ran.code == 1 and str(export) in ran.err) or "longer than" in ran.err, what
        assert feeds.state(data, "ours") is None, what
    for raw in (b"\x1f\x8b\x08", b"no gzip", gzip.compress(whole)[:-20]):
        export.write_bytes(raw)
        assert run("feed", "import", export).code == 1


_FEED = {
    "name": "ours",
    "kind": "osv",
    "url": "u",
    "checked": "2026-01-01T00:00:00Z",
    "full": "2026-01-01T00:00:00Z",
}
_ONE = {"id": "X-1", "project": "weak", "source": "ours"}
_RECORD = {"id": "X-1", "modified": "2026-01-01T00:00:00Z", "advisories": [_ONE]}
_FORM = {"form": "stockade-feeds-1"}


def forged(*lines: object, end: Mapping[str, object] | None = None) -> bytes:
    """A file of feeds whose checksum is right, whatever is in it."""
    body = b"".join(json.dumps(one).encode() + b"\n" for one in lines)
    said = {**(end or {}), "sha256": hashlib.sha256(body).hexdigest()}
    return gzip.compress(body + json.dumps(said).encode() + b"\n")


@pytest.mark.parametrize(
    "made",
    [
        forged(end=_FORM),
        forged(_FORM, end={"feed": _FEED}),
        forged(_FORM, {"record": _RECORD}),
        forged(_FORM, {"feed": _FEED}, {}, {"record": _RECORD}),
        forged(_FORM, {"feed": _FEED}, _FORM, {"record": _RECORD}),
        forged(_FORM, {"feed": _FEED, "record": _RECORD}),
    ],
    ids=["end alone", "end and feed", "record of no feed", "nothing", "form again", "feed and record"],
)
def test_no_line_of_a_file_of_feeds_is_passed_over(run: Run, data: Path, tmp_path: Path, made: bytes) -> None:
    """What is out of turn ends it: the copy here would lack all that comes after."""
    (tmp_path / "x.feeds").write_bytes(made)
    ran = run("feed", "import", tmp_path / "x.feeds")
    assert ran.code == 1 and "a line where none of its kind can be" in told(ran)
    assert feeds.state(data, "ours") is None


@pytest.mark.parametrize(
    "when", ["2026-01-01T00:00:00", "9999-12-31T23:59:59-23:00"], ids=["no zone", "no day"]
)
@pytest.mark.parametrize("which", ["feed", "record", "advisory"])
def test_times_of_a_file_of_feeds_can_be_compared(
    run: Run, data: Path, tmp_path: Path, which: str, when: str
) -> None:
    feed = _FEED | ({"checked": when} if which == "feed" else {})
    one = _ONE | ({"published": when} if which == "advisory" else {})
    record = _RECORD | {"advisories": [one]} | ({"modified": when} if which == "record" else {})
    (tmp_path / "x.feeds").write_bytes(forged(_FORM, {"feed": feed}, {"record": record}))
    ran = run("feed", "import", tmp_path / "x.feeds")
    assert ran.code == 1 and "a time that is not UTC" in told(ran)
    assert feeds.state(data, "ours") is None


def test_a_file_of_feeds_may_hold_several_and_empty_ones(run: Run, data: Path, tmp_path: Path) -> None:
    lines = [_FORM, {"feed": _FEED}, {"feed": _FEED | {"name": "more"}}, {"record": _RECORD}]
    (tmp_path / "x.feeds").write_bytes(forged(*lines))
    assert run("feed", "import", tmp_path / "x.feeds").code == 0
    assert [len(list(feeds.every(data, name))) for name in ("ours", "more")] == [0, 1]


def test_a_file_of_feeds_names_projects_only(data: Path, tmp_path: Path) -> None:
    """Its checksum is right, and it is still somebody's file."""
    put(data, advisories.record("X-1", "weak", "1"))
    export = tmp_path / "x.feeds"
    feed_file.export(data, export)
    body = b"".join(gzip.decompress(export.read_bytes()).splitlines(keepends=True)[:-1])
    body = body.replace(b'"project":"weak"', b'"project":"we ak"')
    end = json.dumps({"sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n"
    export.write_bytes(gzip.compress(body + end))
    with pytest.raises(Exception, match="no project"):
        feed_file.taken_in(data, export)
    assert [one.id for one in feeds.every(data, "ours")] == ["X-1"]
    feeds.path_of(data, "ours").write_bytes(b"x")
    with pytest.raises(FeedStoreFailed):
        feed_file.export(data, export)


@pytest.fixture
def incident_index() -> Iterator[TwinIndex]:
    """All twenty projects of the campaign, harmless to look at, and one that nobody says anything of."""
    packages = {"honest": [file_of("honest", "1.0", wheel("honest", "1.0", {"honest.py": "ONE = 1\n"}))]}
    for one in advisories.incident():
        name, version = one["project"], one["versions"].split()[-1]
        made = wheel(name, version, {f"{name.replace('-', '_')}.py": "ONE = 1\n"})
        packages[name] = [file_of(name, version, made)]
    with TwinIndex(packages) as twin:
        yield twin


def actions(ran: Ran) -> dict[str, str]:
    return {one["project"]: one["action"] for one in json.loads(ran.out)["releases"]}


def test_all_twenty_of_the_campaign_are_blocked_by_a_feed(
    run: Run, incident_index: TwinIndex, server: FeedServer
) -> None:
    """Harmless bytes, and condemned all the same; the first sentence says by whom. Withdrawn, they pass."""
    names = [one["project"] for one in advisories.incident()]
    command = ("check", *names, "honest", "--index-url", incident_index.url, "--format", "json")
    assert "block" not in actions(run(*command)).values()
    policy(("osv", "osv", server.url))
    assert run("feed", "sync").code == 0
    ran = run(*command)
    assert ran.code == 10
    found = actions(ran)
    assert {name for name, action in found.items() if action == "block"} == set(names)
    by_name = {one["project"]: one for one in json.loads(ran.out)["releases"]}
    reasons = by_name["acloud-client"]["artifacts"][0]["reasons"]
    assert reasons[0].startswith("MAL-2025-2929 (osv) says that it is malicious")
    assert "block" not in actions(run(*command, "--evidence", "code")).values()
    gone = [json.loads(one) | {"withdrawn": "2025-06-01T00:00:00Z"} for one in advisories.incident_records()]
    server.publish(*(json.dumps(one).encode() for one in gone))
    assert run("feed", "sync", "--full").code == 0
    assert "block" not in actions(run(*command)).values()


def test_a_vulnerable_release_is_told_and_policy_may_ask(
    run: Run, incident_index: TwinIndex, data: Path
) -> None:
    """With the lowest fix, and once for what two sources have published."""
    events = [("introduced", "0"), ("fixed", "1.2"), ("introduced", "2"), ("fixed", "2.1")]
    put(
        data,
        advisories.record("PYSEC-1", "honest", events=events, aliases=["CVE-1"]),
        advisories.record("GHSA-1", "honest", events=events, aliases=["CVE-1"]),
        advisories.record("X-3", "honest", "1.0"),
    )
    command = ("check", "honest", "--index-url", incident_index.url)
    ran = run(*command, "--format", "json")
    (artifact,) = json.loads(ran.out)["releases"][0]["artifacts"]
    assert ran.code == 0 and "it is vulnerable: GHSA-1, X-3; fixed in 1.2" in artifact["reasons"]
    policy(more="[rules]\nvulnerable = 'ask'\n")
    assert run(*command).code == 12
    put(data, advisories.record("X-3", "honest", "1.0"))
    assert "no fix is known" in told(run(*command))


def test_old_advisories_are_said_aloud(run: Run, incident_index: TwinIndex, data: Path) -> None:
    """Once a run; policy may refuse on them."""
    put(data, advisories.record("X-9", "other", "1"), checked=datetime.now(UTC) - timedelta(days=10))
    command = ("check", "honest", "--index-url", incident_index.url)
    ran = run(*command)
    assert ran.code == 0 and "last brought up to date 10 days ago, and policy allows 1w" in told(ran)
    policy(more="[rules]\nstale-advisories = 'undetermined'\n")
    assert run(*command).code == 11
    policy(more="[advisories]\nmax-age = '2w'\n[rules]\nstale-advisories = 'block'\n")
    assert run(*command).code == 0
    policy(("never", "folder", "x"), more="[rules]\nstale-advisories = 'block'\n")
    ran = run(*command)
    assert ran.code == 10 and "the feed never of the policy was never read here" in told(ran)


def test_scan_knows_a_release_that_lies_here(run: Run, data: Path) -> None:
    """By what the archive says that it is; with --evidence code the bytes alone count."""
    put(data, advisories.record("MAL-1", "evil", "1.0"))
    path = Path(wheel_name("evil", "1.0"))
    path.write_bytes(wheel("evil", "1.0", {"evil.py": "ONE = 1\n"}))
    ran = run("scan", path)
    assert ran.code == 10 and "MAL-1 (ours) says that it is malicious" in told(ran)
    assert run("scan", path, "--evidence", "code").code == 0
    assert os.environ["STOCKADE_DATA_DIR"] in str(data)
