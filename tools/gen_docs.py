#!/usr/bin/env python3
"""Write the generated pages of docs/: the command line, the detectors, the jail's walls. `make docs` runs it.

gen_docs.py            write them
gen_docs.py --check    write nothing; exit 1 and name the pages that are stale
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from gen_detectors_doc import page as detectors_page
from gen_walls_doc import page as walls_page

from stockade.cli import COMMANDS, parser

DOCS = Path(__file__).parents[1] / "docs"


def cli_page() -> str:
    """docs/cli.md: what `--help` prints, for every command."""
    os.environ["COLUMNS"] = "100"
    whole = parser()
    parts = [
        "# Command line\n\nGenerated from the parser by `make docs`. Exit codes: [exit-codes.md](exit-codes.md).\n"
    ]
    parts.append(f"```\n{whole.format_help()}```\n")
    choices = next(a for a in whole._actions if isinstance(a, argparse._SubParsersAction)).choices
    for name in COMMANDS:
        parts.append(f"## stockade {name}\n\n```\n{choices[name].format_help()}```\n")
        for action in choices[name]._actions:
            if isinstance(action, argparse._SubParsersAction):
                parts += [f"```\n{one.format_help()}```\n" for one in action.choices.values()]
    return "\n".join(parts)


PAGES = {"cli.md": cli_page, "detectors.md": detectors_page, "walls.md": walls_page}


def main() -> int:
    """Write, or compare."""
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and stale:
        print(f"stale: {', '.join(stale)}; run `make docs`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
