"""`stockade serve`: who asks for pages that never come holds up nobody else."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from stockade import limits
from tests.cli.conftest import file_of
from tests.support.archives import wheel
from tests.support.gates import serving
from tests.support.index import Fault, TwinIndex

JSON = "application/vnd.pypi.simple.v1+json"
MANY = 60


def until(true: object) -> None:
    end = time.monotonic() + 30
    while not true() and time.monotonic() < end:  # type: ignore[operator]
        time.sleep(0.005)
    assert true()  # type: ignore[operator]


def test_sixty_slow_pages_and_a_slow_judgement_of_one_client(index: TwinIndex, tmp_path: Path) -> None:
    """Another one gets what was judged, a page, and a file that is judged first, before any of those is answered."""
    for number in range(MANY):
        index.put(f"slow-{number}", [file_of(f"slow_{number}", "1", wheel(f"slow_{number}", "1", {}))])
    index.put("waits", [file_of("waits", "1", wheel("waits", "1", {}, requires=["slow-0"]))])
    with (
        serving(tmp_path, index.url) as gate,
        httpx.Client(timeout=60) as greedy,
        httpx.Client(timeout=60, transport=httpx.HTTPTransport(local_address="127.0.0.2")) as modest,
        ThreadPoolExecutor(MANY + 1) as threads,
    ):

        def address(client: httpx.Client, name: str) -> str:
            page = client.get(f"{gate.url}{name}/", headers={"Accept": JSON})
            return str(page.url.join(page.json()["files"][0]["url"]))

        beta = address(modest, "beta")
        assert modest.get(beta).status_code == 200
        waits = address(greedy, "waits")
        index.faults |= {f"slow-{number}": Fault("held") for number in range(MANY)}
        try:
            waiting = [threads.submit(greedy.get, waits)]
            until(lambda: index.holding == ["slow-0"])
            waiting += [threads.submit(greedy.get, f"{gate.url}slow-{number}/") for number in range(MANY)]
            until(lambda: len(index.holding) == 1 + limits.MAX_GATE_ASKING_EACH)
            assert modest.get(beta).status_code == 200
            assert modest.get(address(modest, "alpha")).status_code == 200
            assert not any(one.done() for one in waiting)
            assert len(index.holding) == 1 + limits.MAX_GATE_ASKING_EACH
        finally:
            index.release.set()
        assert {one.result(60).status_code for one in waiting[1:]} == {200}


def test_who_asks_is_what_a_server_in_front_says_and_nobody_else(index: TwinIndex, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    headers = {"X-Forwarded-For": "203.0.113.7, 10.0.0.9"}
    with serving(tmp_path, index.url, ["--log", str(log), "--behind", "127.0.0.2"]) as gate:
        for number, local in enumerate(("127.0.0.1", "127.0.0.2")):
            with httpx.Client(timeout=60, transport=httpx.HTTPTransport(local_address=local)) as client:
                page = client.get(f"{gate.url}beta/", headers={"Accept": JSON})
                url = page.url.join(page.json()["files"][0]["url"])
                assert client.get(url, headers=headers).status_code == 200
            until(lambda: len(log.read_text().splitlines()) == number + 1)  # noqa: B023 (called at once)
    clients = [json.loads(line)["client"] for line in log.read_text().splitlines()]
    assert clients == ["127.0.0.1", "10.0.0.9"]
