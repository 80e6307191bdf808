#!/usr/bin/env python3
"""A picture of what a command prints: runs it as a terminal would, and writes an SVG.

    python tools/picture.py docs/images/who.svg who requests reqeusts

The words behind the file are Stockade's arguments. The index is asked, so the picture is of the day it was made on.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

STOCKADE = str(Path(sys.executable).with_name("stockade"))
#: Without the web font that rich's own form loads.
FORM = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px;
  line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-family: sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def main() -> int:
    """Write the picture; the command's own exit code says nothing of it."""
    out, words = Path(sys.argv[1]), sys.argv[2:]
    shown = subprocess.run(
        [STOCKADE, *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"FORCE_COLOR": "1", "COLUMNS": "100"},
    )
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=100, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(Text(f"$ stockade {' '.join(words)}\n"))
        console.print(Text.from_ansi(shown.stdout))
    out.parent.mkdir(parents=True, exist_ok=True)
    console.save_svg(str(out), title="stockade", theme=MONOKAI, code_format=FORM, unique_id="stockade")
    print(f"wrote {out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
