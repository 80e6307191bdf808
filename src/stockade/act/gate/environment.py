"""What `stockade run` hands to the command that it starts: an environment in which every installer asks the gate.

The gate is a forward proxy, so no index is changed: URLs, digests and locks stay what they would be without it.
What each installer honours was found with the real ones (tests/act/gate/test_clients_*.py):

- requests (pip, poetry, pip-tools), httpx (pdm, hatch), uv and git read the proxy variables in either case, and
  an empty NO_PROXY means that nothing goes past. tox hands on the lower-case ones, ``SSL_CERT_FILE``,
  ``REQUESTS_CA_BUNDLE``, ``PIP_*`` and ``VIRTUALENV_*`` alone.
- pip's own ``proxy`` and ``cert`` settings win over all of those, and PIP_PROXY and PIP_CERT over the settings. But pip
  writes a proxy that it was *given* on the command line of the pips that it starts, where every user of the machine
  can read it, so PIP_PROXY is set only where a setting must be outdone.
- An installer's own cache may hold files that nobody judged, so each gets one of Stockade's own. Environments and tools
  stay where they are: poetry keeps its environments in its cache unless told otherwise, so it is told.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stockade import limits
from stockade.acquire.index.pip_settings import config_files
from stockade.acquire.index.settings import World
from stockade.acquire.sources.texts import text_of, toml_of

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
BYPASSES = ("no_proxy", "NO_PROXY")
#: Files of certificates: of OpenSSL and uv, requests, pip, curl, git, and of what a build may start.
BUNDLES = (
    *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"),
    *("CARGO_HTTP_CAINFO", "NODE_EXTRA_CA_CERTS"),
)
#: The same, changed only where they are set: they would win over those above.
_OTHER_BUNDLES = (
    "AWS_CA_BUNDLE",
    "HTTPLIB2_CA_CERTS",
    "NIX_SSL_CERT_FILE",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
)
CACHES = {
    "UV_CACHE_DIR": "uv",
    "PIP_CACHE_DIR": "pip",
    "PDM_CACHE_DIR": "pdm",
    "POETRY_CACHE_DIR": "poetry",
    "PIP_TOOLS_CACHE_DIR": "pip-tools",
}
#: Seconds to wait for the server, and other spellings that would win or be raised for nothing.
TIMEOUTS = {
    "PIP_DEFAULT_TIMEOUT": ("PIP_TIMEOUT",),
    "UV_HTTP_TIMEOUT": ("UV_REQUEST_TIMEOUT", "HTTP_TIMEOUT"),
    "PDM_REQUEST_TIMEOUT": (),
    "POETRY_REQUESTS_TIMEOUT": (),
}
_PIP_PROXIED = re.compile(r"^\s*(?:--)?(?:proxy|no[-_]proxy[-_]env)\s*[:=]", re.IGNORECASE | re.MULTILINE)
#: Git's transports that a proxy sees, and ssh, which answers for itself below.
_GIT_PROTOCOLS = ("file", "http", "https", "ssh")
_NO_SSH = (
    "sh -c 'echo \"Stockade: git over ssh would go past the gate, so it is closed in `stockade run`; "
    "name a release or an archive instead\" >&2; exit 1' stockade"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the gate of one run is, and what belongs to it. `seconds` is how long a client shall wait for a verdict."""

    host: str
    port: int
    token: str = field(repr=False)
    bundle: Path
    cache: Path
    seconds: int

    @property
    def url(self) -> str:
        """The proxy's URL with its token."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://stockade:{self.token}@{host}:{self.port}"


def child_environment(world: World, argv: Sequence[str], door: Door, *, ssh: bool = False) -> dict[str, str]:
    """The environment for `argv`: that of `world` with the gate put in everybody's way.

    It reads pip's and poetry's settings and changes nothing on disk. `ssh` leaves git's ssh open.
    """
    child = {name: value for name, value in world.env.items() if not _outdone(name)}
    child |= dict.fromkeys(PROXIES, door.url) | dict.fromkeys(BYPASSES, "")
    bundles = (*BUNDLES, *(name for name in _OTHER_BUNDLES if name in child))
    child |= dict.fromkeys(bundles, str(door.bundle))
    child |= cache_variables(door.cache, argv)
    child["POETRY_VIRTUALENVS_PATH"] = poetry_environments(world)
    for name, others in TIMEOUTS.items():
        child[name] = str(_longer(door.seconds, [world.env.get(one, "") for one in (name, *others)]))
    if pip_has_proxy(world):
        child |= {"PIP_PROXY": door.url, "PIP_NO_PROXY_ENV": "0"}
    return child | dict(_git(child, door, ssh=ssh))


def cache_variables(cache: Path, argv: Sequence[str]) -> dict[str, str]:
    """The variables that put the caches of all installers into `cache`."""
    found = {name: str(cache / folder) for name, folder in CACHES.items()}
    if is_isolated(argv):
        # pip --isolated reads no PIP_ variable, and its cache would be that of every other day.
        found["XDG_CACHE_HOME"] = str(cache / "isolated")
    return found


def is_isolated(argv: Sequence[str]) -> bool:
    """Whether `argv` runs pip with ``--isolated``."""
    return "--isolated" in argv


def pip_has_proxy(world: World) -> bool:
    """Whether a setting or a variable of pip's own speaks of proxies."""
    if "PIP_PROXY" in world.env or "PIP_NO_PROXY_ENV" in world.env:
        return True
    return any(has_proxy(path) for path in config_files(world))


def has_proxy(path: Path) -> bool:
    """Whether a configuration file of pip's speaks of proxies."""
    return _PIP_PROXIED.search(text_of(path, limits.MAX_CONFIG)) is not None


def poetry_environments(world: World) -> str:
    """Where poetry keeps its environments here (its documentation, "Configuration": virtualenvs.path)."""
    files = [toml_of(text_of(path, limits.MAX_CONFIG)) for path in _poetry_files(world)]

    def setting(variable: str, *keys: str) -> str | None:
        if world.env.get(variable):
            return world.env[variable]
        return next((found for found in (_at(file, keys) for file in files) if found), None)

    cache = setting("POETRY_CACHE_DIR", "cache-dir") or str(_user_cache(world) / "pypoetry")
    path = setting("POETRY_VIRTUALENVS_PATH", "virtualenvs", "path") or "{cache-dir}/virtualenvs"
    return path.replace("{cache-dir}", cache)


def _poetry_files(world: World) -> Iterator[Path]:
    """poetry's settings, the strongest first: the project's, then the user's."""
    for folder in (world.cwd, *world.cwd.parents):
        if (folder / "pyproject.toml").is_file():
            yield folder / "poetry.toml"
            break
    if world.env.get("POETRY_CONFIG_DIR"):
        yield Path(world.env["POETRY_CONFIG_DIR"]) / "config.toml"
    elif world.platform == "darwin":
        yield world.home / "Library" / "Application Support" / "pypoetry" / "config.toml"
    else:
        yield Path(world.env.get("XDG_CONFIG_HOME") or world.home / ".config") / "pypoetry" / "config.toml"


def _user_cache(world: World) -> Path:
    if world.platform == "darwin":
        return world.home / "Library" / "Caches"
    return Path(world.env.get("XDG_CACHE_HOME") or world.home / ".cache")


def _at(table: Any, keys: Sequence[str]) -> str | None:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, str) else None


def _outdone(name: str) -> bool:
    """Variables that would lead past the gate, or make a client less patient."""
    spellings = {one for others in TIMEOUTS.values() for one in others}
    return name.upper() in {*PROXIES, *BYPASSES, "PIP_PROXY", "PIP_NO_PROXY_ENV", *spellings}


def _longer(seconds: int, told: Sequence[str]) -> int:
    """The longest of `seconds` and what was set before; what is no number is the installer's to refuse."""
    return max([seconds, *(int(float(one)) for one in told if re.fullmatch(r"\d{1,9}(\.\d*)?", one))])


def _git(child: Mapping[str, str], door: Door, *, ssh: bool) -> Iterator[tuple[str, str]]:
    """Git through the proxy, whatever its configuration says, and by no transport that passes none."""
    told = child.get("GIT_CONFIG_COUNT", "")
    count = int(told) if told.isascii() and told.isdigit() else 0
    yield f"GIT_CONFIG_KEY_{count}", "http.proxy"
    yield f"GIT_CONFIG_VALUE_{count}", door.url
    yield "GIT_CONFIG_COUNT", str(count + 1)
    before = child.get("GIT_ALLOW_PROTOCOL")
    kept = _GIT_PROTOCOLS if before is None else [one for one in before.split(":") if one in _GIT_PROTOCOLS]
    yield "GIT_ALLOW_PROTOCOL", ":".join(kept)
    if not ssh:
        yield "GIT_SSH_COMMAND", _NO_SSH


def this_world(environ: Mapping[str, str]) -> World:
    """The machine as it is, for `child_environment`."""
    return World(env=environ, home=Path.home(), cwd=Path.cwd(), platform=sys.platform)
