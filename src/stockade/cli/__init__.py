"""The command line: parse, call the pipeline, print, exit.

Each command is a module of this package with ``arguments(parser)`` and ``run(given) -> Exit``; only the module
of the command at hand is imported, so that none pays for another.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING

from stockade import __version__
from stockade.errors import StockadeError, UsageError

if TYPE_CHECKING:
    import argparse

#: Command -> what it is for; the module is stockade.cli.COMMAND.
COMMANDS = {
    "check": "judge packages from the index, with everything that they bring, before anything is installed",
    "scan": "judge archives and folders on this machine",
    "detonate": "run what is suspicious behind walls and among decoys, and see what it tries to take",
    "audit": "say what is installed already: account for every file, authorise, judge",
    "jail": "run a command with nothing in reach but this project, and no network but the gate, or none",
    "env": "a virtual environment whose python, pip and console scripts start in a jail: create, check",
    "run": "run a command behind a gate: whatever it installs is judged first, and refused files don't come in",
    "serve": "a standing gate: an index that hands out nothing that was not judged",
    "gate": "say what gates decided here, what is condemned and who got it; give condemned bytes out for study",
    "watch": "keep looking whether anything that was ever installed here is condemned by now, and tell you once",
    "news": "tell what happened in the field these days, and what of it touches you",
    "who": "say who a package is: its name, how well known it is, and which known name it may be taken for",
    "allow": "let a refused file through for a while, with a reason (writes a waiver)",
    "enable": "make pip and uv of this user ask a standing gate",
    "disable": "make them ask again what they asked before",
    "doctor": "tell which roads past the gate are open on this machine, and what closes each",
    "hook": "answer a coding agent that asks whether it may run a command (JSON in, JSON out)",
    "policy": "show the policy in force, or check a policy file",
    "reference": "make or show the reference of known projects that copies are recognised by",
    "feed": "advisories of malicious and vulnerable releases: sync, status, export, import",
    "creds": "say which credentials a package running as you could read, and what is wrong with them",
    "respond": "a package turned out to be malicious: where it was, what it could have taken, what to do",
    "decoy": "plant credentials that open nothing, and hear who opens them",
    "eval": "measure detection on labelled archives",
}
#: What a shell expects of a program that was interrupted (128 + SIGINT).
INTERRUPTED = 130
#: And of one whose reader left (128 + SIGPIPE).
READER_LEFT = 141


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser, with the arguments of `command`, or of all commands if it is None."""
    import argparse  # here, because a jailed command waits for it

    top = argparse.ArgumentParser(
        prog="stockade",
        description="Judge Python packages before they run.",
        epilog="Exit codes: 0 allowed, 2 usage, 3 nothing inspected, 10 blocked, 11 undetermined, 12 ask,"
        " 1 Stockade itself failed, 130 interrupted.",
    )
    top.add_argument("--version", action="version", version=f"stockade {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, purpose in COMMANDS.items():
        one = commands.add_parser(name, help=purpose, description=purpose[0].upper() + purpose[1:] + ".")
        one.set_defaults(complain=one.error)
        one.add_argument("--debug", action="store_true", help="show a traceback if Stockade itself fails")
        if command in (None, name):
            _module(name).arguments(one)
    return top


def _module(name: str) -> ModuleType:
    import importlib

    return importlib.import_module(f"stockade.cli.{name}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (docs/exit-codes.md)."""
    words = list(sys.argv[1:] if argv is None else argv)
    command = next((word for word in words if word in COMMANDS), "")
    try:
        if words[:1] == ["jail"] and (ended := _jailed(words[1:])) is not None:
            return ended
        given, unknown = parser(command).parse_known_args(words)
        if unknown:  # told with the command's own usage, and not that of all
            given.complain(f"unrecognized arguments: {' '.join(unknown)}")
        if not given.debug:
            sys.excepthook = plainly
        code: int = _module(given.command).run(given)
        sys.stdout.flush()
    except StockadeError as why:
        hint = f"See `stockade {command} --help`." if command and why.hint == UsageError.hint else why.hint
        return _say(str(why), hint, why.exit_code)
    except KeyboardInterrupt:
        return _say("interrupted; nothing was installed or changed", "", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; writing to nowhere keeps the interpreter's last flush quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    except OSError as why:
        return _say(
            f"{why.filename or 'output'}: {why.strerror}",
            "Free space or choose another place, then run it again.",
            1,
        )
    return int(code)


def _jailed(words: Sequence[str]) -> int | None:
    """The short way of what runs as often as the commands that it runs; None where the long one is to be gone."""
    from stockade.cli.jailed import quick

    return quick(words)


def _say(message: str, hint: str, code: int) -> int:
    from stockade.act.report.shown import shown

    print(f"stockade: {shown(message)}", file=sys.stderr)
    if hint:
        print(f"  {shown(hint)}", file=sys.stderr)
    return code


def plainly(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """An unexpected failure as a sentence; the interpreter ends with code 1 by itself."""
    _say(f"internal error: {kind.__name__}: {value}", StockadeError.hint, StockadeError.exit_code)
