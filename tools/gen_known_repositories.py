#!/usr/bin/env python3
"""Write src/stockade/data/known-repositories.csv.gz: which known projects live in which repository.

    gen_known_repositories.py FOLDER...     folders of honest archives, whose METADATA is read

Only projects on the list of the most downloaded count, and only addresses that their own metadata call home, source or
repository: an issue tracker or a sponsor is often somebody else's.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

from packaging.utils import canonicalize_name

from stockade.acquire.reference import popular
from stockade.analyse.identity.history import repository

OUT = Path(__file__).parents[1] / "src/stockade/data/known-repositories.csv.gz"
_HOME = re.compile(r"home ?page|home|source|source ?code|code|repository|repo|github|gitlab", re.IGNORECASE)


def metadata(path: Path) -> str:
    """The METADATA or PKG-INFO at the shallowest place; "" where there is none."""
    try:
        if path.suffix in {".whl", ".zip"}:
            with zipfile.ZipFile(path) as archive:
                names = [one for one in archive.namelist() if re.fullmatch(r"[^/]+/(METADATA|PKG-INFO)", one)]
                return archive.read(names[0]).decode("utf-8", "replace") if names else ""
        with tarfile.open(path) as archive:
            for member in archive:
                if re.fullmatch(r"[^/]+/PKG-INFO", member.name) and (file := archive.extractfile(member)):
                    return file.read().decode("utf-8", "replace")
    except (OSError, tarfile.TarError, zipfile.BadZipFile, EOFError):
        pass
    return ""


def addresses(text: str) -> Iterator[str]:
    """The addresses that it calls its own."""
    head = Parser().parsestr(text, headersonly=True)
    yield head.get("Home-page") or ""
    for line in head.get_all("Project-URL") or []:
        label, _, address = line.partition(",")
        if _HOME.fullmatch(label.strip()):
            yield address.strip()


def main() -> int:
    """Read all folders and write the list."""
    known = popular()
    found: dict[str, set[str]] = defaultdict(set)
    for folder in sys.argv[1:]:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and path.name.endswith((".whl", ".zip", ".gz", ".tgz", ".bz2", ".xz")):
                text = metadata(path)
                name = canonicalize_name(Parser().parsestr(text, headersonly=True).get("Name") or "")
                if name in known:
                    for place in filter(None, map(repository, addresses(text))):
                        found[place].add(name)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        (place, *sorted(names)) for place, names in sorted(found.items())
    )
    OUT.write_bytes(gzip.compress(out.getvalue().encode(), mtime=0))
    print(f"{len(found)} repositories of {len(set().union(*found.values()))} projects")
    return 0


if __name__ == "__main__":
    sys.exit(main())
