"""A gate on a socket: for the time of one command in a thread of this process, or standing until it is told to end."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from stockade import limits
from stockade.act.gate.door import Door
from stockade.errors import GateFailed

if TYPE_CHECKING:
    import uvicorn

    from stockade.act.gate.app import Gate

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


def _server(door: Door, made: list[Gate], behind: Sequence[str] = ()) -> uvicorn.Server:
    import uvicorn

    from stockade.act.gate.front import fronted

    async def app(scope: object, receive: object, send: object) -> None:
        await made[0](scope, receive, send)  # type: ignore[arg-type]

    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # what clients send wrong is theirs
    config = uvicorn.Config(
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
    return uvicorn.Server(config)


async def _until_told(
    server: uvicorn.Server, sock: socket.socket, gate: Callable[[], Gate], made: list[Gate]
) -> None:
    try:
        # Made in the server's own loop, to which its tasks belong.
        made.append(gate())
        await server.serve(sockets=[sock])
    finally:
        for one in made:
            one.close()  # nobody waits for what would still be judged


@contextmanager
def running(
    gate: Callable[[], Gate], door: Door, host: str = "127.0.0.1", *, begin: threading.Event | None = None
) -> Iterator[int]:
    """A gate in a thread, on a free port of `host`; gives the port. `gate` is called in the thread.

    Who comes before `begin` is set waits, and for a moment at most where it never is: loading what answers takes as
    long as an installer takes to start, and would hold up who starts one.
    """
    sock = listen(host, 0)
    port: int = sock.getsockname()[1]
    made: list[Gate] = []
    ends: list[Callable[[], object]] = []
    ended = threading.Event()

    async def main() -> None:
        server = _server(door, made)
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def end() -> None:
            server.should_exit = True
            if not server.server_state.tasks:
                task.cancel()  # nobody is being answered, and uvicorn looks only ten times a second

        ends.append(lambda: loop.call_soon_threadsafe(end))
        if not ended.is_set():
            await _until_told(server, sock, gate, made)

    def work() -> None:
        if begin is not None:
            begin.wait(limits.GATE_BEGIN_SECONDS)
        with suppress(asyncio.CancelledError):
            asyncio.run(main())

    thread = threading.Thread(target=work, name="gate", daemon=True)
    thread.start()
    try:
        yield port
    finally:
        ended.set()
        if begin is not None:
            begin.set()
        with suppress(RuntimeError):  # it has ended by itself
            for one in ends:
                one()
        thread.join(_GRACE + 5)
        sock.close()


def serve(gate: Callable[[], Gate], door: Door, sock: socket.socket, behind: Sequence[str] = ()) -> None:
    """A gate on `sock` until SIGINT or SIGTERM; `behind` servers at these addresses that say for whom they ask."""
    made: list[Gate] = []
    server = _server(door, made, behind)
    try:
        asyncio.run(_until_told(server, sock, gate, made))
    finally:
        sock.close()
