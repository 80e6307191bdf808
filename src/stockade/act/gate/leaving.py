"""A file on its way out. It is looked at once more with its first byte, and again while it goes.

A large file takes minutes, and between a decision and the first byte other requests have their turn: what is condemned
meanwhile is cut off, so that no client holds the whole of it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from stockade import limits

_log = logging.getLogger("stockade.gate")
#: The message by which starlette leaves a whole file to whoever sends it (ASGI's extension of that name).
_WHOLE = "http.response.pathsend"


class _Withdrawn(Exception):
    """It may not go out any more."""


class Leaving(FileResponse):
    """The bytes at `path`, as long as they `stand`; where they do not before anything was sent, `instead` answers.

    HEAD, Range and If-Range as RFC 9110 has them (starlette's).
    """

    # A thread is asked for each, and the cipher takes longer for small ones.
    chunk_size = limits.GATE_CHUNK

    def __init__(
        self,
        path: str,
        headers: Mapping[str, str],
        stand: Callable[[], bool],
        instead: Callable[[], Awaitable[Response]],
    ) -> None:
        super().__init__(path, headers=headers, media_type="application/octet-stream")
        self._stand, self._instead = stand, instead

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        began = False

        async def guarded(message: Message) -> None:
            nonlocal began
            if not self._stand():
                raise _Withdrawn
            began = True
            await send(message)

        async def served(message: Message) -> None:
            if message["type"] != _WHOLE:
                await guarded(message)
                return
            await _sent(file, first, status.st_size, self.chunk_size, receive, guarded)

        # Read first, so that nothing comes between the look and the first byte.
        file, status, first = await run_in_threadpool(_begun, self.path, self.chunk_size)
        try:
            self.stat_result = status
            self.set_stat_headers(status)
            # starlette would open it again, and go to a thread for that, for each read, and to close it.
            extensions = {**scope.get("extensions", {}), _WHOLE: {}}
            await super().__call__({**scope, "extensions": extensions}, receive, served)
        except _Withdrawn:
            await self._cut(began, scope, receive, send)
        except BaseExceptionGroup as several:
            if several.split(_Withdrawn)[1] is not None:
                raise
            await self._cut(began, scope, receive, send)
        finally:
            file.close()

    async def _cut(self, began: bool, scope: Scope, receive: Receive, send: Send) -> None:
        if not began:
            await (await self._instead())(scope, receive, send)
            return
        # Less than was announced: the connection ends, and the client knows that it has not the whole.
        _log.warning("a file was condemned while it went out, and was cut off")


def _begun(path: str | os.PathLike[str], size: int) -> tuple[BinaryIO, os.stat_result, bytes]:
    """An open file, what is said of it, and the first of it."""
    file = open(path, "rb", buffering=0)  # noqa: SIM115 (whoever asks closes it)
    try:
        return file, os.fstat(file.fileno()), file.read(size)
    except BaseException:
        file.close()
        raise


async def _sent(file: BinaryIO, first: bytes, size: int, each: int, receive: Receive, send: Send) -> None:
    """Send a file from its beginning, `first` already read, in pieces of `each` bytes, unless the client leaves."""
    left, chunk = size - len(first), first
    gone = asyncio.create_task(_left(receive)) if left > 0 else None
    try:
        while gone is not None and left > 0 and chunk and not gone.done():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            chunk = await run_in_threadpool(file.read, each)
            left -= len(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": False})
    finally:
        if gone is not None:
            gone.cancel()


async def _left(receive: Receive) -> None:
    """Returns when the client has."""
    while (await receive())["type"] != "http.disconnect":
        pass
