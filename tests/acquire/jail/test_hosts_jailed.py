"""Named hosts inside of a jail: by the proxy and without one, while nothing else can be reached."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from stockade.acquire.jail.bubblewrap import VARIABLE
from stockade.acquire.jail.hosts import Hosts, Rules
from stockade.acquire.jail.launch import Mechanism, launch
from stockade.acquire.jail.plan import Kind, Mount, Plan
from tests.support.debian import bubblewrap
from tests.support.named_hosts import web

_ASK = """
import json, socket, ssl, urllib.request
told = {}
def ask(name, url, **more):
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=loose), *more.get("handlers", ()))
    try:
        told[name] = opener.open(url, timeout=10).read().decode()
    except OSError as why:
        told[name] = f"{type(why).__name__}: {why}"
loose = ssl.create_default_context()
loose.check_hostname, loose.verify_mode = False, ssl.CERT_NONE
direct = [urllib.request.ProxyHandler({})]
ask("proxy", "http://a.example:%(plain)d/p")
ask("proxy tls", "https://a.example:%(tls)d/p")
ask("direct", "http://a.example:%(plain)d/d", handlers=direct)
ask("direct tls", "https://a.example:%(tls)d/d", handlers=direct)
ask("other", "http://b.example:%(plain)d/", handlers=direct)
ask("other by proxy", "http://b.example:%(plain)d/")
ask("metadata", "http://169.254.169.254:%(plain)d/", handlers=direct)
ask("another port", "http://a.example:81/", handlers=direct)
print(json.dumps(told))
"""


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_what_is_named_comes_through_and_nothing_else(
    mechanism: Mechanism, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mechanism is Mechanism.BUBBLEWRAP:
        monkeypatch.setenv(VARIABLE, str(bubblewrap()))

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    refused: list[str] = []
    with web() as plain, web(tmp_path / "tls") as secure, tempfile.TemporaryFile() as out:
        # The address that names lead to is named too, since it is this machine's.
        rules = [
            f"{name}:{port}" for name in ("a.example", "127.0.0.1") for port in (plain.port, secure.port)
        ]
        hosts = Hosts(Rules(rules), refused.append, resolve=resolve)
        system = [path for path in ("/usr", "/lib", "/lib64", "/bin", "/etc") if Path(path).exists()]
        mounts = [
            Mount(kind=Kind.READ, target=Path(path), source=Path(path)) for path in (*system, sys.base_prefix)
        ]
        plan = Plan(
            mounts=mounts,
            environment={"PATH": "/usr/bin:/bin", **hosts.variables},
            folder=Path("/"),
            listeners=hosts.listeners,
            everywhere=True,
        )
        ask = _ASK % {"plain": plain.port, "tls": secure.port}
        program = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
        with (
            launch(plan, [program, "-I", "-c", ask], stdout=out, mechanism=mechanism) as inmate,
            hosts.serving(inmate.sockets),
        ):
            assert inmate.wait(60) == 0
        out.seek(0)
        told = json.loads(out.read())
    assert told["proxy"] == f"GET /p for a.example:{plain.port}"
    assert told["proxy tls"] == f"GET /p for a.example:{secure.port}"
    assert told["direct"] == f"GET /d for a.example:{plain.port}"
    assert told["direct tls"] == f"GET /d for a.example:{secure.port}"
    assert "Name or service not known" in told["other"]
    for name in ("other by proxy", "metadata"):
        assert "403" in told[name]
    assert "refused" in told["another port"]
    assert refused == [
        "refused: b.example: its address was asked for, and the profile does not name it",
        f"refused: b.example:{plain.port}: the profile does not name it",
        f"refused: 169.254.169.254:{plain.port}: the profile does not name it",
    ]
