#!/usr/bin/env python3
"""Write src/stockade/data/names.bin, the table by which lookalikes of well-known names are found.

    python tools/gen_names.py            write it
    python tools/gen_names.py --check    write nothing; exit 1 if it is stale

It is made of data/popular-projects.csv.gz and the words in analyse/identity/names.
"""

from __future__ import annotations

import sys
from pathlib import Path

from stockade.acquire.reference import POPULAR_DATE, popular
from stockade.analyse.identity.names.build import written

OUT = Path(__file__).parents[1] / "src/stockade/data/names.bin"


if __name__ == "__main__":
    made = written(popular(), POPULAR_DATE)
    if "--check" in sys.argv[1:]:
        sys.exit(0 if OUT.read_bytes() == made else f"{OUT.name} is stale: run {Path(__file__).name}")
    OUT.write_bytes(made)
    print(f"{OUT.name}: {len(made)} bytes")
