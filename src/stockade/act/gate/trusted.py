"""The certificates that an installer trusted before, so that the gate's authority can be added to them."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

from stockade import limits
from stockade.acquire.index.pip_settings import read_pip
from stockade.acquire.index.settings import World
from stockade.errors import UsageError

#: The variables that name a file of certificates, as far as Python's installers read them.
_NAMED = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE")
#: Certificates alone: a private key may stand beside them, and must not be copied.
_PEM = re.compile(
    rb"-----BEGIN (?P<kind>(?:TRUSTED |X509 )?CERTIFICATE)-----[A-Za-z0-9+/=\s]+-----END (?P=kind)-----"
)


def bundle(environ: Mapping[str, str], world: World | None = None) -> bytes:
    """PEM certificates: those of the files that `environ` (and pip's settings in `world`) names.

    Where none is named: the system's and certifi's. A file that can't be read is left out, which trusts less.
    """
    named = [environ[name] for name in _NAMED if environ.get(name)]
    paths = [Path(one).expanduser() for one in named]
    if world is not None and (configured := _of_pip(world)):
        paths.append(configured)
    parts = dict.fromkeys(part for path in dict.fromkeys(paths) for part in _read(path))
    if not parts:
        parts = dict.fromkeys(part for path in _usual() for part in _read(path))
    return b"".join(part + b"\n" for part in parts)


def _of_pip(world: World) -> Path | None:
    try:
        return read_pip(world).ca
    except UsageError:
        return None  # pip itself refuses to start with such settings


def _usual() -> Iterator[Path]:
    import certifi

    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        yield Path(paths.cafile)
    elif paths.capath:
        yield Path(paths.capath)
    yield Path(certifi.where())


def _read(path: Path) -> Iterator[bytes]:
    """The certificates of a PEM file, or of all of them in a folder."""
    try:
        files = sorted(path.iterdir())[: limits.MAX_CERTIFICATE_FILES] if path.is_dir() else [path]
    except OSError:
        return
    for one in files:
        try:
            with one.open("rb") as file:
                data = file.read(limits.MAX_CERTIFICATES + 1)
        except OSError:
            continue
        if len(data) <= limits.MAX_CERTIFICATES:
            yield from (found.group() for found in _PEM.finditer(data))
