"""Files on their way out: whole, and no further than their client."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.responses import Response
from starlette.types import Message

from stockade import limits
from stockade.act.gate.leaving import Leaving


async def never() -> Response:
    raise AssertionError("it stands")


def sent(path: Path, *, method: str = "GET", leaves_after: int = 10**6) -> list[Message]:
    """What goes out of a file to a client that leaves after so many messages."""
    found: list[Message] = []

    async def work() -> None:
        left = asyncio.Event()
        first = True

        async def receive() -> Message:
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": b"", "more_body": False}
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            found.append(message)
            if len(found) >= leaves_after:
                left.set()
                await asyncio.sleep(0)

        leaving = Leaving(str(path), {"etag": '"x"'}, lambda: True, never)
        await leaving({"type": "http", "method": method, "headers": []}, receive, send)

    asyncio.run(work())
    return found


@pytest.mark.parametrize("size", [0, 1, limits.GATE_CHUNK, limits.GATE_CHUNK + 1, 3 * limits.GATE_CHUNK])
def test_a_file_goes_out_as_it_is(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(number % 251 for number in range(size)))
    start, *bodies = sent(path)
    assert (b"content-length", str(size).encode()) in start["headers"]
    assert b"".join(one["body"] for one in bodies) == path.read_bytes()
    assert [one["more_body"] for one in bodies] == [True] * (len(bodies) - 1) + [False]


def test_head_is_told_of_it_and_gets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(2 * limits.GATE_CHUNK))
    start, *bodies = sent(path, method="HEAD")
    assert (b"content-length", str(2 * limits.GATE_CHUNK).encode()) in start["headers"]
    assert b"".join(one["body"] for one in bodies) == b""


def test_nothing_is_read_for_a_client_that_has_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(100 * limits.GATE_CHUNK)
    assert len(sent(path, leaves_after=3)) < 8
