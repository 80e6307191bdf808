"""A file on its way out. It is looked at once more with its first byte, and again while it goes.

A large file takes minutes, and between a decision and the first byte other requests have their turn: what is condemned
meanwhile is cut off, so that no client holds the whole of it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from stockade import limits

_log = logging.getLogger("stockade.gate")


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

        try:
            # Read first, so that nothing comes between the look and the first byte.
            self.stat_result = await run_in_threadpool(os.stat, self.path)
            self.set_stat_headers(self.stat_result)
            await super().__call__(scope, receive, guarded)
        except _Withdrawn:
            await self._cut(began, scope, receive, send)
        except BaseExceptionGroup as several:
            if several.split(_Withdrawn)[1] is not None:
                raise
            await self._cut(began, scope, receive, send)

    async def _cut(self, began: bool, scope: Scope, receive: Receive, send: Send) -> None:
        if not began:
            await (await self._instead())(scope, receive, send)
            return
        # Less than was announced: the connection ends, and the client knows that it has not the whole.
        _log.warning("a file was condemned while it went out, and was cut off")
