"""A gate on a socket: for the time of one command in a thread of this process, or standing until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import uvicorn

from stockade.act.gate.app import Gate
from stockade.act.gate.front import Door, fronted
from stockade.errors import GateFailed

#: Seconds that requests under way may take once the gate is to end.
_GRACE = 1


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there (port 0: any free one). Raises GateFailed with the reason."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(512)
    except OSError as why:
        found.close()
        raise GateFailed(f"the gate cannot listen on {host}:{port}: {why.strerror}") from None
    return found


def _config(
    gate: Callable[[], Gate], door: Door, made: list[Gate], behind: Sequence[str] = ()
) -> uvicorn.Config:

    async def app(scope: object, receive: object, send: object) -> None:
        # Made in the server's own loop, to which its tasks belong.
        if not made:
            made.append(gate())
        await made[0](scope, receive, send)  # type: ignore[arg-type]

    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # what clients send wrong is theirs
    return uvicorn.Config(
        app,
        http=fronted(door),
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        # Who asks is taken from X-Forwarded-For where such a server hands the request on, and from nobody else.
        proxy_headers=bool(behind),
        forwarded_allow_ips=list(behind),
        timeout_keep_alive=60,
        timeout_graceful_shutdown=_GRACE,
    )


async def _until_told(server: uvicorn.Server, sock: socket.socket, made: list[Gate]) -> None:
    try:
        await server.serve(sockets=[sock])
    finally:
        for one in made:
            one.close()  # nobody waits for what would still be judged


@contextmanager
def running(gate: Callable[[], Gate], door: Door, host: str = "127.0.0.1") -> Iterator[int]:
    """A gate in a thread, on a free port of `host`; gives the port. `gate` is called in the thread."""
    sock = listen(host, 0)
    port: int = sock.getsockname()[1]
    made: list[Gate] = []
    server = uvicorn.Server(_config(gate, door, made))
    ends: list[Callable[[], object]] = []

    async def main() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        ends.append(lambda: loop.call_soon_threadsafe(task.cancel))
        await _until_told(server, sock, made)

    def work() -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(main())

    thread = threading.Thread(target=work, name="gate", daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.should_exit = True
        if ends and not server.server_state.tasks:
            ends[0]()  # nobody is being answered, and uvicorn looks only ten times a second
        thread.join(_GRACE + 5)
        sock.close()


def serve(gate: Callable[[], Gate], door: Door, sock: socket.socket, behind: Sequence[str] = ()) -> None:
    """A gate on `sock` until SIGINT or SIGTERM; `behind` servers at these addresses that say for whom they ask."""
    made: list[Gate] = []
    server = uvicorn.Server(_config(gate, door, made, behind))
    try:
        asyncio.run(_until_told(server, sock, made))
    finally:
        sock.close()
