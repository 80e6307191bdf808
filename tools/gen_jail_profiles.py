#!/usr/bin/env python3
"""Write src/stockade/acquire/jail/shipped_generated.py: the profiles of src/stockade/data/jail, read already.

Reading TOML takes longer than building a jail, and every jailed command would wait for it.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from pprint import pformat

SOURCE = Path(__file__).parents[1] / "src/stockade"
OUT = SOURCE / "acquire/jail/shipped_generated.py"


def text() -> str:
    """The module."""
    tables = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((SOURCE / "data/jail").glob("*.toml"))
    }
    return (
        '"""Stockade\'s own profiles of jails, from data/jail/*.toml by tools/gen_jail_profiles.py."""\n\n'
        "from __future__ import annotations\n\n# ruff: noqa: S108 - of the jail\n"
        "from collections.abc import Mapping\nfrom typing import Any\n\n"
        f"# fmt: off\nTABLES: Mapping[str, Mapping[str, Any]] = {pformat(tables, width=110, sort_dicts=False)}\n"
    )


if __name__ == "__main__":
    OUT.write_text(text(), encoding="utf-8")
