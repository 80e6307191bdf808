"""``stockade hook``: a coding agent asks before it runs a command; what that would install is judged as by `check`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from stockade import limits
from stockade.act.gate.hook.found import Doubt, Install
from stockade.act.gate.hook.installs import installs
from stockade.act.gate.hook.reply import (
    ALLOW,
    ASK,
    DENY,
    Answer,
    Request,
    UnreadableRequestError,
    answered,
    encoded,
    one_line,
    request,
)
from stockade.errors import StockadeError
from stockade.model.decision import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What agents take as "no" from a hook; every other code that is not 0 they take as "go on".
DENIED = 2
#: Agents give a hook a minute.
SECONDS = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--rewrite",
        action="store_true",
        help="judge nothing here, but answer with the command wrapped in `stockade run --`, which does",
    )
    parser.add_argument(
        "--approve",
        action="store_true",
        help="say `allow` in the agent's own terms, which makes most agents ask nobody; without it they ask as before",
    )
    parser.add_argument(
        "--seconds",
        type=_seconds,
        default=SECONDS,
        metavar="N",
        help=f"answer `ask` when judging takes longer (default: {SECONDS})",
    )
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="the policy to apply, instead of the one found"
    )


def _seconds(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= limits.MAX_TIMEOUT:
        raise argparse.ArgumentTypeError(f"a number of seconds from 1 to {limits.MAX_TIMEOUT:.0f}")
    return int(text)


def run(given: argparse.Namespace) -> Exit | int:
    """Read one request, write one answer; 0 for allow and ask, 2 for deny."""
    # An agent goes on where its hook breaks; ours must not be passed by being broken.
    if not given.debug:
        sys.excepthook = _closed
    asked = Request(given={})
    try:
        asked = request(_read())
        answer = _answer(asked, given)
    except UnreadableRequestError as why:
        # Whatever it is, it may be an install.
        answer = Answer(decision=DENY, reason=f"the command was not judged: {why}")
    except StockadeError as why:
        answer = Answer(decision=ASK, reason=str(why))
    except OSError as why:
        answer = Answer(decision=ASK, reason=f"the command was not judged: {why.strerror}")
    sys.stdout.write(encoded(answered(asked, answer, approve=given.approve)))
    if answer.decision != DENY:
        return Exit.ALLOWED
    from stockade.act.report.shown import shown

    print(f"stockade: {shown(answer.reason, limit=400)}", file=sys.stderr)
    return DENIED


def _read() -> bytes:
    data = sys.stdin.buffer.read(limits.MAX_HOOK + 1)
    if len(data) > limits.MAX_HOOK:
        raise UnreadableRequestError(f"what the agent sent is larger than {limits.MAX_HOOK >> 20} MiB")
    return data


def _answer(asked: Request, given: argparse.Namespace) -> Answer:
    if not asked.command.strip():
        return Answer(decision=ALLOW, reason="it runs no command")
    found = installs(asked.command, Path(asked.folder or Path.cwd()))
    if not found:
        return Answer(decision=ALLOW, reason="it installs nothing")
    doubts = [one.why for one in found if isinstance(one, Doubt)]
    wanted = [one for one in found if isinstance(one, Install)]
    named = tuple(one.what for one in wanted)
    if given.rewrite:
        from stockade.act.gate.hook.rewrite import guarded

        command = guarded(asked.command)
        if command:
            reason = one_line(_said(doubts)) or "what it installs is judged on its way in"
            decision = ASK if doubts else ALLOW
            return Answer(decision=decision, reason=reason, installs=named, command=command)
    return _judged(wanted, doubts, named, given)


def _judged(
    wanted: Sequence[Install], doubts: Sequence[str], named: tuple[str, ...], given: argparse.Namespace
) -> Answer:
    from stockade.cli.hook_check import judged

    decisions, reasons = [ASK] * bool(doubts), _said(doubts)
    if len(wanted) > limits.MAX_HOOK_INSTALLS:
        decisions, reasons = [ASK], [*reasons, f"it holds more than {limits.MAX_HOOK_INSTALLS} installs"]
        wanted = wanted[: limits.MAX_HOOK_INSTALLS]
    for one, reason in judged(wanted, given.policy, given.seconds):
        decisions.append(one)
        # What is refused is what matters, so it is said first.
        reasons = [reason, *reasons] if one == DENY else [*reasons, reason]
    decision = next(one for one in (DENY, ASK, ALLOW) if one in decisions)
    return Answer(decision=decision, reason=one_line(reasons), installs=named)


def _said(doubts: Sequence[str]) -> list[str]:
    return [f"it {one}; run it as `stockade run -- …`, or decide yourself" for one in doubts]


def _closed(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> NoReturn:
    """An unexpected failure refuses: with any code but 2 the agent would go on."""
    print(
        f"stockade: internal error: {kind.__name__}; the command was not judged", file=sys.stderr, flush=True
    )
    os._exit(DENIED)
