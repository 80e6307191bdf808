"""No client holds more than a share, and what it waits for holds up nobody else."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from stockade import limits
from stockade.act.gate.turns import Turns
from tests.support.gate_parts import Bench, Shelf, Standing, bytes_of, ref_of, standing

GOOD, OTHER = ref_of("good"), ref_of("other")
MANY = 60


def address(ref: object) -> str:
    return f"/files/{ref.release.name}/{ref.sha256}/{ref.filename}"  # type: ignore[attr-defined]


def modest(gate: Standing) -> httpx.Client:
    """A client with another address than everybody's."""
    return gate.client(transport=httpx.HTTPTransport(local_address="127.0.0.2"))


def soon(true: object) -> None:
    until = time.monotonic() + 20
    while not true() and time.monotonic() < until:  # type: ignore[operator]
        time.sleep(0.002)
    assert true()  # type: ignore[operator]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    found = Shelf(tmp_path, slow=frozenset(f"slow-{number}" for number in range(MANY)))
    found.offer(GOOD, OTHER, *(ref_of(name) for name in found.slow))
    return found


@contextmanager
def greedy(gate: Standing, shelf: Shelf, *names: str) -> Iterator[list[Future[httpx.Response]]]:
    """One client that waits for many slow pages, and for those of `names` behind them."""
    shelf.hold = threading.Event()
    with gate.client() as client, ThreadPoolExecutor(MANY + len(names)) as threads:
        try:
            waiting = [threads.submit(client.get, f"/simple/{name}/") for name in shelf.slow]
            soon(lambda: sum(name in shelf.slow for name, _ in shelf.asked) == limits.MAX_GATE_ASKING_EACH)
            waiting += [threads.submit(client.get, f"/simple/{name}/") for name in names]
            yield waiting
        finally:
            shelf.hold.set()
        assert {one.result(20).status_code for one in waiting} == {200}


def test_a_client_that_waits_for_slow_pages_holds_up_nobody_else(shelf: Shelf) -> None:
    with standing(shelf, Bench()) as gate, modest(gate) as client:
        assert client.get(address(GOOD)).status_code == 200
        shelf.kept.add(GOOD.filename)
        with greedy(gate, shelf, "other") as waiting:
            assert client.get(address(GOOD)).content == bytes_of(GOOD.filename)
            assert client.get("/simple/good/").status_code == 200
            # The very page that the other waits for behind its slow ones, and a file of it that nobody judged.
            assert client.get("/simple/other/").status_code == 200
            assert client.get(address(OTHER)).content == bytes_of(OTHER.filename)
            shelf.metadatas[OTHER.url] = b"Metadata-Version: 2.1\n"
            assert client.get(f"{address(OTHER)}.metadata").status_code == 200
            assert not any(one.done() for one in waiting)
            asked = [name for name, _ in shelf.asked if name in shelf.slow]
            assert len(asked) == limits.MAX_GATE_ASKING_EACH
    asked = [name for name, _ in shelf.asked]
    assert asked.count("other") == 1


def test_what_was_judged_and_is_here_waits_for_no_page_even_behind_ones_own(shelf: Shelf) -> None:
    """The same client, whose own share is used up: the page is known, and the bytes are here."""
    with standing(shelf, Bench()) as gate, gate.client() as client:
        assert client.get(address(GOOD)).status_code == 200
        shelf.kept.add(GOOD.filename)
        with greedy(gate, shelf) as waiting:
            assert client.get(address(GOOD)).content == bytes_of(GOOD.filename)
            assert not any(one.done() for one in waiting)


def test_a_file_waits_only_a_moment_for_a_page_that_is_too_old(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "GATE_LISTING_PATIENCE", 0.01)
    now = [0.0]
    slow = ref_of("slow-1")
    shelf.kept.add(slow.filename)
    with standing(shelf, Bench(), clock=lambda: now[0]) as gate, gate.client() as client:
        assert client.get(address(slow)).status_code == 200
        now[0] = limits.GATE_LISTING_SECONDS + 1
        shelf.hold = threading.Event()
        for _ in range(2):
            assert client.get(address(slow)).content == bytes_of(slow.filename)
        assert shelf.asked == [("slow-1", None)] * 2
        assert gate.gate.pages.known(slow.release.name) is not None
        # Once the newer page is there, it says what there is.
        del shelf.pages["slow-1"]
        monkeypatch.setattr(limits, "GATE_LISTING_PATIENCE", 20)
        shelf.hold.set()
        soon(lambda: client.get(address(slow)).status_code == 404)


def test_a_share_is_given_back_and_forgotten() -> None:
    turns = Turns(2, 1, "test")
    order: list[str] = []
    inside = 0

    def one(name: str) -> None:
        order.append(name)

    async def long(client: str, until: asyncio.Event) -> None:
        nonlocal inside
        async with turns.turn(client):
            inside += 1
            await until.wait()
            inside -= 1

    async def main() -> None:
        until = asyncio.Event()
        holds = [asyncio.ensure_future(long(client, until)) for client in ("a", "a", "b", "c")]
        await asyncio.sleep(0.01)
        assert inside == 2  # a's first, b's; a's second waits for its share, c for a place
        until.set()
        await asyncio.gather(*holds)
        assert turns._shares == {}
        await turns.run("a", one, "done")
        with pytest.raises(ZeroDivisionError):
            await turns.run("a", lambda: 1 // 0)
        await asyncio.wait_for(turns.run("a", one, "again"), 5)

    asyncio.run(main())
    turns.close()
    assert order == ["done", "again"]
