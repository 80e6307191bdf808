"""A child held by its pidfd."""

from __future__ import annotations

import os
import signal

from stockade.workers.process import Child


def forked(code: int | None) -> Child:
    pid = os.fork()
    if not pid:
        if code is None:
            signal.pause()
        os._exit(code or 0)
    return Child(pid)


def test_its_code_is_known_once_it_has_ended() -> None:
    one = forked(7)

    assert (one.wait(5), one.wait(0), one.code) == (7, 7, 7)
    one.end()


def test_one_that_lives_can_be_waited_for_in_vain_and_ended() -> None:
    one = forked(None)

    assert one.wait(0.01) is None
    one.end()
    one.end()
    assert one.code == -signal.SIGKILL
