#!/usr/bin/env python3
"""Fetch a benign corpus from the index that your installer uses: one wheel and the sdist of each pinned release.

    python bench/fetch_benign.py bench/benign-extra.txt OUT_DIR

Wheels over 8 MB and sdists over 4 MB are left out, and for benign-dev.txt every second sdist, as the corpus was first
made (--every-second). Digests are checked; nothing is unpacked, built or installed. What is there is not fetched again.
"""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from stockade.acquire.fetch import Fetcher
from stockade.acquire.index.listing import files_of
from stockade.acquire.index.settings import index_settings
from stockade.acquire.index.simple import SimpleIndex
from stockade.acquire.index.transport import Transport
from stockade.errors import StockadeError
from stockade.model.project import ArtifactRef, project_name
from stockade.remember.folders import cache_folder

MAX_WHEEL, MAX_SDIST = 8_000_000, 4_000_000


def chosen(files: tuple[ArtifactRef, ...], *, sdist: bool) -> list[ArtifactRef]:
    """The wheel for any platform, else one for Linux, and the sdist if it is wanted or there is no wheel."""
    wheels = [one for one in files if one.filename.endswith("none-any.whl")]
    wheels = wheels or [one for one in files if "manylinux" in one.filename and "x86_64" in one.filename]
    sdists = [one for one in files if one.filename.endswith((".tar.gz", ".zip"))]
    taken = [one for one in wheels[:1] if (one.size or 0) < MAX_WHEEL]
    return taken + [one for one in sdists[:1] if (sdist or not wheels) and (one.size or 0) < MAX_SDIST]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pins", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--every-second", action="store_true")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    settings = index_settings(os.environ, home=Path.home(), cwd=Path.cwd())
    with Transport(settings) as transport:
        index, fetcher = (kind(transport, cache_folder(os.environ)) for kind in (SimpleIndex, Fetcher))
        for number, pin in enumerate(given.pins.read_text().split()):
            name, _, version = pin.partition("==")
            try:
                files = files_of(index.listing(project_name(name)), version)
                for ref in chosen(files, sdist=not given.every_second or number % 2 == 0):
                    if not (given.out / ref.filename).exists():
                        shutil.copyfile(fetcher.fetch(ref).path, given.out / ref.filename)
                        print(ref.filename)
            except StockadeError as why:
                print(f"left out: {pin}: {why}")


if __name__ == "__main__":
    main()
