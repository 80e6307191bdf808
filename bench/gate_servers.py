"""What stands between an installer and the index, as bench/gate.py starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

STOCKADE = [sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())"]
#: What of this shell's environment would change which index is asked, or what is kept; without bytecode, programs in
#: Python would be compiled at each start, which no installed one is.
_OTHERS = (
    "PYTHONDONTWRITEBYTECODE",
    "PIP_",
    "UV_",
    "STOCKADE_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)


def clean(**more: str) -> dict[str, str]:
    """This environment without settings of installers; the index is the installers' default."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(_OTHERS) or name == "PIP_CERT"
    }
    return kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | more


def state(folder: Path) -> dict[str, str]:
    """The environment of a Stockade that keeps everything in `folder`."""
    return clean(
        STOCKADE_CACHE_DIR=str(folder / "cache"),
        STOCKADE_DATA_DIR=str(folder / "data"),
        STOCKADE_CONFIG_DIR=str(folder / "config"),
    )


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def started(
    words: list[str], env: Mapping[str, str], url: str, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers at `url`, ended afterwards; what it says goes into `log`."""
    with log.open("ab") as said, subprocess.Popen(words, env=dict(env), stdout=said, stderr=said) as server:
        try:
            _wait(server, url, log)
            yield server
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + 120
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit(f"a server ended with {server.returncode}:\n{log.read_text()[-2000:]}")
        try:
            with opener.open(url, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing answers at {url}:\n{log.read_text()[-2000:]}")


@contextmanager
def gate(folder: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A standing gate over what `folder` holds; gives its index URL and the process."""
    port = free_port()
    words = [*STOCKADE, "serve", "--port", str(port), *options]
    with started(words, state(folder), f"http://127.0.0.1:{port}/-/health", folder / "serve.log") as process:
        yield f"http://127.0.0.1:{port}/simple/", process


@contextmanager
def devpi(venv: Path, folder: Path) -> Iterator[str]:
    """devpi-server as a mirror of its default index; installed into `venv` where it isn't yet."""
    if not (venv / "bin" / "devpi-server").exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run(
            [str(venv / "bin" / "python"), "-m", "pip", "install", "-q", "devpi-server"],
            check=True,
            env=clean(),
        )
    data = folder / "devpi"
    if not data.exists():
        subprocess.run(
            [str(venv / "bin" / "devpi-init"), "--serverdir", str(data)],
            check=True,
            env=clean(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    port = free_port()
    words = [str(venv / "bin" / "devpi-server"), "--serverdir", str(data), "--host", "127.0.0.1"]
    with started(
        [*words, "--port", str(port)], clean(), f"http://127.0.0.1:{port}/+api", folder / "devpi.log"
    ):
        yield f"http://127.0.0.1:{port}/root/pypi/+simple/"
