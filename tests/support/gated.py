"""Real installers in a made-up machine, with `stockade run` in front of a loopback index or without it.

    machine = Gated(tmp_path, index)
    machine.run(client("pip-newest").program("pip"), "install", "alpha")   # behind the gate
    machine.plain("uv", "lock")                                            # without it, on the same index

The machine's home, caches and configuration are its own. `clients_that_asked` are the user agents that reached the
index without the gate.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.clients import Name, client
from tests.support.index import TwinIndex

_STOCKADE = (sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())")
_UV = str(Path(sys.executable).parent / "uv")
#: How Stockade's own requests begin to say who they are.
_OWN = "stockade/"
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Done:
    """What one command did: its exit code, and all that it said."""

    code: int
    said: str


@dataclass(slots=True)
class Gated:
    """A machine in `folder` whose installers are set up with `index`."""

    folder: Path
    index: TwinIndex
    env: dict[str, str] = field(default_factory=dict)
    #: Options of `stockade run`.
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for one in (self.home, self.project):
            one.mkdir(parents=True, exist_ok=True)

    @property
    def home(self) -> Path:
        """The person's home."""
        return self.folder / "home"

    @property
    def project(self) -> Path:
        """Where commands are started."""
        return self.folder / "project"

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a command; "" in `env` takes a variable away."""
        base = {
            # The environment that the tests run in is not on it: an installer must not find that one by accident.
            "PATH": f"{Path(sys.base_prefix) / 'bin'}:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "COLUMNS": "400",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": self.index.url,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "UV_DEFAULT_INDEX": self.index.url,
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_NO_PROGRESS": "1",
            "PDM_CHECK_UPDATE": "0",
            "PIP_NO_INPUT": "1",
            "STOCKADE_CACHE_DIR": str(self.folder / "stockade"),
            "STOCKADE_DATA_DIR": str(self.folder / "data"),
        }
        if "PYTHONPATH" in os.environ:
            base["PYTHONPATH"] = os.environ["PYTHONPATH"]
        if self.index.certificates:
            authority = str(self.index.authority)
            base |= {"SSL_CERT_FILE": authority, "REQUESTS_CA_BUNDLE": authority, "PIP_CERT": authority}
        return {name: value for name, value in (base | self.env).items() if value}

    def run(self, *words: object) -> Done:
        """A command behind the gate."""
        return self.plain(*_STOCKADE, "run", *self.options, "--", *words)

    def stockade(self, *words: object) -> Done:
        """A command of Stockade's own."""
        return self.plain(*_STOCKADE, *words)

    def plain(self, *words: object) -> Done:
        """A command without the gate."""
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.project,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        return Done(done.returncode, done.stdout)

    def write(self, path: str, text: str) -> Path:
        """A file of the project."""
        target = self.project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def read(self, path: str) -> str:
        """A file of the project."""
        return (self.project / path).read_text(encoding="utf-8")

    def venv(self, name: str = ".venv") -> Path:
        """An empty virtual environment in the project; its Python."""
        python = str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")
        done = self.plain(_UV, "venv", "--quiet", "--no-project", "--python", python, name)
        assert done.code == 0, done.said
        return self.project / name / "bin" / "python"

    def installed(self, name: str = ".venv") -> set[str]:
        """The distributions in a virtual environment, as ``name-version``."""
        folders = (self.project / name).glob("lib/python*/site-packages/*.dist-info")
        return {one.name.removesuffix(".dist-info") for one in folders}

    @property
    def clients_that_asked(self) -> set[str]:
        """Who reached the index past the gate."""
        agents = {hit.headers.get("user-agent", "") for hit in list(self.index.log)}
        return {agent for agent in agents if not agent.startswith(_OWN)}


def pip(version: Name, python: Path) -> tuple[str, ...]:
    """The command line of that pip, for the environment of `python`."""
    return (client(version).program("pip"), "--python", str(python))


def uv() -> str:
    """The uv of this environment."""
    return _UV
