"""A cold install is not held by its slowest package: what stands goes out while the rest is still fetched."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import httpx

from tests.cli.conftest import file_of
from tests.cli.test_serve import listed
from tests.support.archives import wheel
from tests.support.gates import serving
from tests.support.index import Fault, TwinIndex

SLOW = "slow-1.0-py3-none-any.whl"


def test_of_two_that_are_asked_for_together_the_fast_one_is_served_before(tmp_path: Path) -> None:
    packages = {
        "alpha": [file_of("alpha", "1.0", wheel("alpha", "1.0", {"alpha.py": "1\n"}, requires=["beta"]))],
        "beta": [file_of("beta", "1.0", wheel("beta", "1.0", {"beta.py": "2\n"}))],
        "slow": [
            replace(
                file_of("slow", "1.0", wheel("slow", "1.0", {"slow.py": "3\n"})),
                metadata=b"Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n",
            )
        ],
    }
    # It answers when it is told to, after all that is asserted here.
    faults = {SLOW: Fault("slow", seconds=600)}
    with TwinIndex(packages, faults=faults) as index, serving(tmp_path, index.url) as gate:
        urls = {name: next(iter(listed(gate, name).values())) for name in packages}
        ended: dict[str, httpx.Response] = {}
        together = threading.Barrier(2)

        def get(name: str, patience: float) -> None:
            with httpx.Client(timeout=patience) as client:
                together.wait()
                ended[name] = client.get(urls[name])

        slow = threading.Thread(target=get, args=("slow", 120), daemon=True)
        slow.start()
        get("alpha", 60)
        came = set(ended)
        index.go_on()
        slow.join(60)
        assert ended["alpha"].status_code == 200
        assert came == {"alpha"}
        assert ended["slow"].status_code in {200, 503}
