"""What is odd only together is refused together, however the parts are asked for: neither requires the other."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Run, file_of
from tests.cli.test_serve import listed
from tests.support.archives import wheel
from tests.support.campaign import (
    BACKWARDS,
    HOOK,
    IMPORTS,
    METHOD,
    SKYCLOUD,
    SOURCE,
    URL,
    Dist,
    clone,
    helper,
    skycloud,
)
from tests.support.gates import serving
from tests.support.index import Fault, TwinFile, TwinIndex

#: A clone that hands its caller's keys over, and who sends them away. Each by itself is nobody's harm.
GIVER = clone(skycloud(), SKYCLOUD.edits(IMPORTS, HOOK, METHOD), requires=())
TAKER = helper(SOURCE.replace(BACKWARDS, f'"{URL}"'), requires=())


def offered(dist: Dist) -> TwinFile:
    """As an index lists it, with its metadata apart."""
    said = f"Metadata-Version: 2.1\nName: {dist.name}\nVersion: {dist.version}\n"
    requires = "Requires-Dist: requests>=2.20\n" if dist is GIVER else ""
    return replace(file_of(dist.name, dist.version, dist.data), metadata=f"{said}{requires}".encode())


def packages() -> dict[str, list[TwinFile]]:
    """Both, with what the clone requires, and with a bystander."""
    return {
        GIVER.name: [offered(GIVER)],
        TAKER.name: [offered(TAKER)],
        "requests": [file_of("requests", "2.32.0", wheel("requests", "2.32.0", {"requests.py": "1\n"}))],
        "bystander": [file_of("bystander", "1.0", wheel("bystander", "1.0", {"bystander.py": "2\n"}))],
    }


def test_no_half_of_a_pair_goes_out_before_the_other_is_there(tmp_path: Path) -> None:
    with TwinIndex(packages()) as index, serving(tmp_path, index.url) as gate:
        # By themselves they do no harm; and from now on what the one's bytes do is remembered.
        assert httpx.get(listed(gate, GIVER.name).popitem()[1], timeout=60).status_code == 200
    faults = {TAKER.filename: Fault("slow", seconds=600)}
    with TwinIndex(packages(), faults=faults) as index, serving(tmp_path, index.url) as gate:
        ended: dict[str, int] = {}
        urls = {name: listed(gate, name).popitem()[1] for name in (GIVER.name, TAKER.name, "bystander")}
        together = threading.Barrier(len(urls))

        def get(name: str) -> None:
            with httpx.Client(timeout=120) as client:
                together.wait()
                ended[name] = client.get(urls[name]).status_code

        threads = {name: threading.Thread(target=get, args=(name,), daemon=True) for name in urls}
        for one in threads.values():
            one.start()
        threads["bystander"].join(120)
        assert ended == {"bystander": 200}
        index.go_on()
        for one in threads.values():
            one.join(120)
        assert ended == {"bystander": 200, GIVER.name: 403, TAKER.name: 403}


@pytest.mark.parametrize("names", [(GIVER.name, TAKER.name), (TAKER.name, GIVER.name)])
def test_who_asks_for_one_after_the_other_gets_no_pair(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    monkeypatch.setenv("STOCKADE_DATA_DIR", str(tmp_path / "data"))
    got = tmp_path / "got"
    with TwinIndex(packages()) as index:
        monkeypatch.setenv("PIP_INDEX_URL", index.url)
        pip = (sys.executable, "-m", "pip", "download", "--no-deps", "-d", got)
        alone = run("run", "--", *pip, names[0])
        assert alone.code == 0, alone.err
        (first,) = got.iterdir()
        first.unlink()
        both = run("run", "--", *pip, *names)
        assert both.code in {10, 12}, both.err
        assert not list(got.iterdir())
        one_by_one = "\n".join(
            [
                "import subprocess, sys",
                *(f"print(subprocess.call({[*map(str, pip), one]!r}))" for one in names),
            ]
        )
        run("run", "--", sys.executable, "-c", one_by_one)
        assert len(list(got.iterdir())) == 1
