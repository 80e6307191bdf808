"""Generated pages are fresh, links lead somewhere, and no page or file names a package index's host."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11),
    reason="waits for Python 3.11: argparse words its help differently in each",
)
def test_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/gen_docs.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("tool", ["gen_known_modules.py", "gen_names.py"])
def test_what_is_generated_of_the_most_downloaded_is_fresh(tool: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / tool, "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


def test_no_index_is_named_anywhere() -> None:
    # Spelt in parts, so that this file keeps the rule as well.
    hosts = re.compile(
        r"py" + r"pi\.org|python" + r"hosted\.org|npm" + r"js\.(?:org|com)|deb\." + r"debian\.org"
    )
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = [name for name in listed.decode().split("\0") if name]
    assert len(names) > 100
    for name in names:
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            assert not hosts.search(path.read_bytes().decode("utf-8", "replace")), name
