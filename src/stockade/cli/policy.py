"""``stockade policy``: what policy is in force here, and is this file one?"""

from __future__ import annotations

import argparse
from pathlib import Path

from stockade.cli import common
from stockade.decide.policytext import explain
from stockade.errors import UsageError
from stockade.model.decision import Exit


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "what", choices=("show", "check"), help="show: every key in force and where it comes from"
    )
    parser.add_argument(
        "file", nargs="?", type=Path, help="this file instead of the one found from here upwards"
    )


def run(given: argparse.Namespace) -> Exit:
    """Print the effective policy, or say that a file is one."""
    use = common.rules(given.file)
    if given.what == "show":
        print(explain(use.policy), end="")
        print(f"# waivers: {len(use.waivers)} in {use.waivers_path}")
    elif use.file is None:
        raise UsageError(
            "there is no stockade.toml and no [tool.stockade] from here upwards; the defaults hold"
        )
    else:
        print(f"{use.file.path} is a valid policy; {len(use.waivers)} waivers in {use.waivers_path}")
    return Exit.ALLOWED
