"""The gate as clients see it: a verdict before any byte, and every answer that HTTP knows."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from stockade import limits
from stockade.acquire.authority import Authority
from stockade.act.gate.app import Terms, python_of
from stockade.act.gate.door import Door
from stockade.act.gate.ports import Found
from stockade.act.gate.record import Event, Remembered
from stockade.decide.policy import DEFAULT_RULES, Action, Condition, Policy
from stockade.errors import IndexUnavailable, StoreFailed
from tests.support.gate_parts import (
    LOUD,
    PIP,
    Bench,
    Shelf,
    Standing,
    bytes_of,
    ref_of,
    release,
    seen_of,
    standing,
    waiver,
)

GOOD, BAD, TOP = ref_of("good"), ref_of("bad"), ref_of("top")
JSON = {"Accept": "application/vnd.pypi.simple.v1+json"}


def address(ref: object) -> str:
    return f"/files/{ref.release.name}/{ref.sha256}/{ref.filename}"  # type: ignore[attr-defined]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    found = Shelf(tmp_path)
    found.offer(GOOD, BAD, TOP)
    return found


@pytest.fixture
def judge() -> Bench:
    return Bench(evidence={BAD.filename: (LOUD,)}, brings={release("top"): (GOOD, BAD)})


@pytest.fixture
def gate(shelf: Shelf, judge: Bench) -> Iterator[Standing]:
    with standing(shelf, judge, recorder=Remembered()) as one:
        yield one


def recorder(gate: Standing) -> Remembered:
    found = gate.gate.recorder
    assert isinstance(found, Remembered)
    return found


def test_no_byte_is_fetched_or_sent_before_the_verdict(gate: Standing, shelf: Shelf, judge: Bench) -> None:
    judge.hold = threading.Event()
    with gate.client() as client, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(client.get, address(GOOD), headers={"User-Agent": PIP})
        while not judge.batches:
            time.sleep(0.002)
        time.sleep(0.05)
        assert not waiting.done()
        assert shelf.fetched == []
        judge.hold.set()
        answer = waiting.result(10)
    assert (answer.status_code, answer.content) == (200, bytes_of(GOOD.filename))
    assert judge.batches == [((GOOD.filename,), "3.12.4")]
    assert shelf.fetched == [GOOD.filename]
    (event,) = recorder(gate).deliveries
    assert (event.client, event.agent, event.sha256, event.ref) == ("127.0.0.1", PIP, GOOD.sha256, GOOD)


def test_what_is_condemned_is_never_fetched_to_be_sent_and_the_reason_is_said_twice(
    gate: Standing, shelf: Shelf
) -> None:
    with gate.client() as client:
        answer = client.get(address(BAD))
    assert answer.status_code == 403
    said = answer.extensions["reason_phrase"].decode()
    assert said.startswith("Stockade: bad 1.0 is blocked: it shouts")
    body = answer.json()
    assert body["detail"].startswith(said.removesuffix("..."))
    assert (body["status"], body["decision"], body["sha256"]) == (403, "block", BAD.sha256)
    assert "stockade allow" in body["allow"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert "x-reason" not in answer.headers
    assert shelf.fetched == []
    assert [one.ref for one in recorder(gate).refusals] == [BAD]
    assert recorder(gate).deliveries == []


def test_what_it_brings_refuses_it(gate: Standing) -> None:
    with gate.client() as client:
        answer = client.get(address(TOP))
        assert client.get(address(GOOD)).status_code == 200
    assert answer.status_code == 403
    assert b"top 1.0 brings bad 1.0, which is blocked" in answer.extensions["reason_phrase"]


def test_what_could_not_be_judged_does_not_go_out(gate: Standing, judge: Bench, shelf: Shelf) -> None:
    judge.crash = ZeroDivisionError()
    with gate.client() as client:
        answer = client.get(address(GOOD))
        assert answer.status_code == 403
        assert answer.json()["decision"] == "undetermined"
        assert shelf.fetched == []
        judge.crash = None
        assert client.get(address(GOOD)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=5-999999", 206, slice(5, None)),
        ("bytes=999999-", 416, None),
        ("bytes=x", 400, None),
        ("lines=1-2", 400, None),
    ],
)
def test_ranges_of_an_allowed_file(gate: Standing, asked: str, status: int, part: slice | None) -> None:
    whole = bytes_of(GOOD.filename)
    with gate.client() as client:
        answer = client.get(address(GOOD), headers={"Range": asked})
        assert answer.status_code == status
        if part is not None:
            assert answer.content == whole[part]
            assert answer.headers["content-range"].endswith(f"/{len(whole)}")
        assert client.get(address(BAD), headers={"Range": asked}).status_code == 403


def test_a_download_is_resumed_only_where_it_is_the_same(gate: Standing) -> None:
    whole = bytes_of(GOOD.filename)
    with gate.client() as client:
        etag = client.get(address(GOOD)).headers["etag"]
        assert etag == f'"{GOOD.sha256}"'
        same = client.get(address(GOOD), headers={"Range": "bytes=50-", "If-Range": etag})
        assert (same.status_code, same.content) == (206, whole[50:])
        other = client.get(address(GOOD), headers={"Range": "bytes=50-", "If-Range": '"other"'})
        assert (other.status_code, other.content) == (200, whole)


def test_head_tells_and_delivers_nothing(gate: Standing) -> None:
    with gate.client() as client:
        answer = client.head(address(GOOD))
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str(len(bytes_of(GOOD.filename)))
        assert client.head(address(BAD)).status_code == 403
        assert client.head("/simple/good/").status_code == 200
    assert recorder(gate).deliveries == []


def test_what_a_client_has_is_not_sent_again_while_it_passes(gate: Standing, judge: Bench) -> None:
    with gate.client() as client:
        for path in ("/simple/good/", address(GOOD)):
            etag = client.get(path).headers["etag"]
            again = client.get(path, headers={"If-None-Match": etag})
            assert (again.status_code, again.content) == (304, b"")
            assert client.get(path, headers={"If-None-Match": '"x"'}).status_code == 200
        judge.evidence[GOOD.filename] = (LOUD,)
        gate.gate.book.learn(Found(seen=[seen_of(GOOD, (LOUD,))]))
        assert client.get(address(GOOD), headers={"If-None-Match": etag}).status_code == 403


def test_rules_that_change_change_the_next_answer(gate: Standing, judge: Bench) -> None:
    with gate.client() as client:
        assert client.get(address(BAD)).status_code == 403
        listed = client.get("/simple/bad/").headers["etag"]
        judge.waivers = (waiver(BAD),)
        assert client.get(address(BAD)).content == bytes_of(BAD.filename)
        judge.waivers = ()
        assert client.get(address(BAD)).status_code == 403
        assert client.get("/simple/bad/").headers["etag"] == listed


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/simple/", 404),
        ("/simple/nothing/", 404),
        ("/simple/-bad-/", 404),
        ("/simple/a%0d%0ab/", 404),
        ("/simple/../simple/good/", 200),  # httpx makes it plain
        ("/simple/good%2F/", 404),
        ("/files/good/-/good-1.0-py3-none-any.whl", 404),
        (f"/files/good/{'0' * 64}/{GOOD.filename}", 404),
        (f"/files/-/{GOOD.sha256}/{GOOD.filename}", 404),
        (f"/files/bad/{GOOD.sha256}/{GOOD.filename}", 404),
        (f"/files/good/{GOOD.sha256}/..%2F{GOOD.filename}", 404),
        (f"/files/good/{GOOD.sha256}/{GOOD.filename}.metadata", 404),
        ("/-/nothing", 404),
    ],
)
def test_what_is_not_there(gate: Standing, path: str, status: int) -> None:
    with gate.client() as client:
        assert client.get(path).status_code == status


def test_names_are_made_plain_by_a_redirect(gate: Standing) -> None:
    with gate.client() as client:
        for path in ("/simple/GOOD/", "/simple/good", "/simple/Good"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (301, "/simple/good/")


@pytest.mark.parametrize("host", ["[", "evil.example/-/health?", "a b", "evil.example/simple/good/?x="])
def test_a_host_header_decides_nothing(gate: Standing, host: str) -> None:
    with gate.client() as client:
        assert client.get("/nothing", headers={"Host": host}).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_uploaded(gate: Standing, method: str) -> None:
    with gate.client() as client:
        answer = client.request(method, "/simple/good/", content=b"x")
    assert answer.status_code == 405
    assert b"only serves packages" in answer.extensions["reason_phrase"]


def test_health(gate: Standing) -> None:
    with gate.client() as client:
        answer = client.get("/-/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_an_index_that_is_away(shelf: Shelf, judge: Bench) -> None:
    now = [0.0]
    with standing(shelf, judge, clock=lambda: now[0]) as gate, gate.client() as client:
        shelf.failing = IndexUnavailable("index.example answers 503")
        answer = client.get("/simple/good/")
        assert answer.status_code == 502
        assert b"index.example answers 503" in answer.extensions["reason_phrase"]
        shelf.failing = None
        assert client.get("/simple/good/").status_code == 200
        assert client.get(address(GOOD)).status_code == 200
        shelf.failing = IndexUnavailable("index.example answers 503")
        now[0] = limits.GATE_LISTING_SECONDS + 60
        stale = client.get("/simple/good/")
        assert (stale.status_code, stale.headers["age"]) == (200, "90")
        assert "older" in stale.headers["warning"]
        assert client.get(address(GOOD)).status_code == 200
        # An index that is away is not asked again by each request.
        asked = len(shelf.asked)
        client.get("/simple/good/")
        assert len(shelf.asked) == asked
        now[0] += limits.GATE_LISTING_SECONDS
        shelf.failing = None
        assert "age" not in client.get("/simple/good/").headers


def test_a_page_is_asked_for_once_for_all_who_want_it(gate: Standing, shelf: Shelf) -> None:
    shelf.hold = threading.Event()
    with gate.client() as client, ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(client.get, "/simple/good/") for _ in range(20)]
        while not shelf.asked:
            time.sleep(0.002)
        time.sleep(0.05)
        shelf.hold.set()
        assert {one.result(10).status_code for one in waiting} == {200}
    assert shelf.asked == [("good", None)]


def test_an_index_that_lies_about_a_digest(gate: Standing, shelf: Shelf) -> None:
    shelf.data[GOOD.url] = b"something else"
    with gate.client() as client:
        answer = client.get(address(GOOD))
    assert answer.status_code == 403
    assert b"is not what" in answer.extensions["reason_phrase"]
    assert recorder(gate).deliveries == []
    assert len(recorder(gate).refusals) == 1


def test_where_the_index_gives_no_digest_the_bytes_are_those_that_were_judged(
    gate: Standing, shelf: Shelf, judge: Bench
) -> None:
    nameless = replace(ref_of("nameless"), sha256=None)
    shelf.offer(nameless)
    path = f"/files/nameless/-/{nameless.filename}"
    with gate.client() as client:
        assert client.get(path).status_code == 403
        judge.policy = Policy(rules=DEFAULT_RULES | {Condition.NO_DIGEST: Action.ALLOW})  # type: ignore[operator]
        assert client.get(path).content == bytes_of(nameless.filename)
        shelf.data[nameless.url] = b"other bytes than those that were judged"
        answer = client.get(path)
    assert answer.status_code == 403
    assert answer.json()["decision"] == "undetermined"


def test_metadata_is_passed_on_and_judging_begins(gate: Standing, shelf: Shelf, judge: Bench) -> None:
    shelf.metadatas[GOOD.url] = b"Metadata-Version: 2.1\n"
    with gate.client() as client:
        answer = client.get(f"{address(GOOD)}.metadata")
        assert (answer.status_code, answer.content) == (200, b"Metadata-Version: 2.1\n")
        until = time.monotonic() + 10
        while not judge.batches and time.monotonic() < until:
            time.sleep(0.01)
    assert judge.asked == [GOOD.filename]
    assert shelf.fetched == []


def test_a_standing_gate_asks_to_come_again(shelf: Shelf, judge: Bench) -> None:
    judge.hold = threading.Event()
    terms = Terms(patient=False, patience_pip=0.05, patience=0.2)
    with standing(shelf, judge, terms=terms) as gate, gate.client() as client:
        for agent in (PIP, "uv/0.9"):
            began = time.monotonic()
            answer = client.get(address(GOOD), headers={"User-Agent": agent})
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == str(limits.GATE_RETRY_AFTER)
            assert b"still judging" in answer.extensions["reason_phrase"]
            assert time.monotonic() - began < 5
        judge.hold.set()
        until = time.monotonic() + 10
        while client.get(address(GOOD)).status_code != 200:
            assert time.monotonic() < until
    assert judge.asked == [GOOD.filename]  # it went on all the while


def test_nothing_goes_out_unrecorded(shelf: Shelf, judge: Bench) -> None:
    class Broken(Remembered):
        said = ""
        trouble = ""

        async def delivers(self, event: Event) -> str:
            return self.said

    broken = Broken()
    with standing(shelf, judge, recorder=broken) as gate, gate.client() as client:
        assert client.get(address(GOOD)).status_code == 200
        broken.said = "it was condemned at this very moment"
        answer = client.get(address(GOOD))
        assert (answer.status_code, answer.json()["decision"]) == (403, "undetermined")
        broken.said, broken.trouble = "", "the disk is full"
        answer = client.get(address(GOOD))
        assert answer.status_code == 403
        assert b"the disk is full" in answer.extensions["reason_phrase"]
        assert client.get("/-/health").status_code == 503
        assert client.get("/simple/good/").status_code == 200


def test_what_is_condemned_between_its_verdict_and_its_first_byte_does_not_go_out(
    shelf: Shelf, judge: Bench
) -> None:
    class Condemns(Remembered):
        async def delivers(self, event: Event) -> str:
            one.gate.book.learn(Found(seen=[seen_of(GOOD, (LOUD,))]))
            return ""

    with standing(shelf, judge, recorder=Condemns()) as one, one.client() as client:
        answer = client.get(address(GOOD))
    assert answer.status_code == 403
    assert bytes_of(GOOD.filename) not in answer.content


def test_what_is_condemned_while_it_goes_out_is_cut_off(shelf: Shelf, judge: Bench) -> None:
    size = 64 << 20
    shelf.offer(large := ref_of("large", data=bytes(size)))
    shelf.data[large.url] = bytes(size)
    with standing(shelf, judge) as gate, gate.client() as client:
        with client.stream("GET", address(large)) as answer:
            assert answer.headers["content-length"] == str(size)
            parts = answer.iter_raw()
            got = len(next(parts))
            gate.gate.book.learn(Found(seen=[seen_of(large, (LOUD,))]))
            with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
                got += sum(len(part) for part in parts)
        assert 0 < got < size
        assert client.get(address(large)).status_code == 403


def test_a_store_that_fails_is_a_503(gate: Standing, shelf: Shelf) -> None:
    shelf.failing = StoreFailed("the disk is full")
    with gate.client() as client:
        answer = client.get("/simple/good/")
    assert answer.status_code == 503
    assert b"the disk is full" in answer.extensions["reason_phrase"]


def test_pages_leave_out_what_is_condemned_and_tell_of_files_by_the_gate(
    gate: Standing, shelf: Shelf
) -> None:
    newer = ref_of("bad", "2.0")
    shelf.offer(newer)
    with gate.client() as client:
        before = client.get("/simple/bad/", headers=JSON).json()["files"]
        assert client.get(address(BAD)).status_code == 403
        after = client.get("/simple/bad/", headers=JSON).json()["files"]
    assert [one["filename"] for one in before] == [BAD.filename, newer.filename]
    assert [one["filename"] for one in after] == [newer.filename]
    assert after[0]["url"] == f"../..{address(newer)}"


def test_pages_change_when_a_file_comes_of_age(shelf: Shelf, judge: Bench) -> None:
    young = replace(ref_of("good", "2.0"), uploaded=judge.now - timedelta(days=3) + timedelta(minutes=1))
    shelf.offer(young)
    with standing(shelf, judge) as gate, gate.client() as client:
        assert young.filename not in client.get("/simple/good/").text
        assert young.filename not in client.get("/simple/good/").text
        judge.now += timedelta(minutes=1)
        assert young.filename in client.get("/simple/good/").text


@pytest.mark.parametrize("way", ["http", "https"])
def test_as_a_proxy(shelf: Shelf, judge: Bench, way: str) -> None:
    authority = Authority()
    shelf.bases = (f"{way}://index.example/simple/",)
    shelf.others["https://index.example/pypi/good/json"] = ("application/json", b"{}")
    lone = ref_of("lone", url=f"{way}://lock.example/lone-1.0-py3-none-any.whl")
    shelf.data[lone.url] = bytes_of(lone.filename)
    import ssl

    context = ssl.create_default_context(cadata=authority.pem.decode())
    with (
        standing(shelf, judge, door=Door(authority, "word")) as gate,
        httpx.Client(proxy=gate.proxy, verify=context, trust_env=False, timeout=20) as client,
    ):
        index = f"{way}://index.example"
        page = client.get(f"{index}/simple/good/", headers=JSON)
        assert page.json()["files"][0]["url"] == GOOD.url
        assert client.get(f"{index}/simple/").status_code == 404
        assert client.get(GOOD.url).content == bytes_of(GOOD.filename)
        assert client.get(BAD.url).status_code == 403
        assert client.get(lone.url).status_code == 403  # no index gives a digest for it
        assert judge.asked[-1] == lone.filename
        assert client.get(f"{index}/install.sh").status_code == 403
        assert client.post(f"{index}/legacy/").status_code == 403
        if way == "https":
            assert client.get(f"{index}/pypi/good/json").json() == {}
            assert client.get(f"{index}/pypi/other/json").status_code == 404
        listed = [base for _, base in shelf.asked]
        assert shelf.bases[0] in listed


def test_a_gate_for_one_command_is_no_index(shelf: Shelf, judge: Bench) -> None:
    with standing(shelf, judge, door=Door(Authority(), "word")) as gate, gate.client() as client:
        assert client.get("/simple/good/").status_code == 404
        assert client.get("/-/withheld/good").status_code == 404
        assert client.get("/-/health").status_code == 200
    assert shelf.asked == []


@pytest.mark.parametrize(
    ("agent", "python"),
    [
        (PIP, "3.12.4"),
        ('uv/0.9 {"python":"3.11"}', "3.11"),
        ("poetry/2.0 CPython/3.13.1 Linux", None),
        ("poetry/2.0 Python/3.13.1", "3.13.1"),
        ("curl/8", None),
        ("", None),
    ],
)
def test_the_python_of_a_client(agent: str, python: str | None) -> None:
    assert python_of(agent) == python


def test_two_hundred_at_once(shelf: Shelf, judge: Bench) -> None:
    """For the same and for different files, good and bad: everybody is answered, each file judged once."""
    good = [ref_of("many", f"1.{number}") for number in range(20)]
    bad = [ref_of("many", f"2.{number}") for number in range(20)]
    shelf.offer(*good, *bad)
    judge.evidence |= {one.filename: (LOUD,) for one in bad}
    asked = [(good + bad)[number % 40] for number in range(200)]

    async def main(url: str) -> list[httpx.Response]:
        async with httpx.AsyncClient(
            base_url=url, trust_env=False, timeout=60, limits=httpx.Limits(max_connections=200)
        ) as client:
            return await asyncio.gather(*(client.get(address(one)) for one in asked))

    with standing(shelf, judge) as gate:
        answers = asyncio.run(main(gate.url))
    for ref, answer in zip(asked, answers, strict=True):
        if ref in good:
            assert (answer.status_code, answer.content) == (200, bytes_of(ref.filename))
        else:
            assert answer.status_code == 403
    assert sorted(judge.asked) == sorted(one.filename for one in good + bad)
    assert not set(shelf.fetched) & {one.filename for one in bad}


def test_what_a_page_leaves_out_is_told(gate: Standing, shelf: Shelf, judge: Bench) -> None:
    young = replace(ref_of("good", "2.0"), uploaded=judge.now)
    shelf.offer(young)
    with gate.client() as client:
        told = client.get("/-/withheld/Good").json()
        assert (told["project"], list(told["withheld"])) == ("good", ["2.0"])
        assert client.get("/-/withheld/other").status_code == 404
        judge.now += timedelta(days=9)
        assert client.get("/-/withheld/good/").json()["withheld"] == {}
