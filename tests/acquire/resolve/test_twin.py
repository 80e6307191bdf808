"""The real index client, fetcher and resolver, against the twin on loopback and against the real index."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stockade.acquire.fetch import Fetcher
from stockade.acquire.index.settings import IndexFlags, index_settings
from stockade.acquire.index.simple import SimpleIndex
from stockade.acquire.index.transport import Transport
from stockade.acquire.resolve import Closure, TransportRanges, own_target, resolve
from stockade.errors import IndexUnavailable
from stockade.model.project import requirement
from tests.acquire.resolve.worlds import shown
from tests.support.archives import core_metadata, sdist, sdist_name, wheel, wheel_name
from tests.support.index import Fault, TwinFile, TwinIndex


def _resolve(env: Mapping[str, str], home: Path, cache: Path, *asked: str, url: str | None = None) -> Closure:
    flags = IndexFlags(installer="pip", index_url=url)
    settings = index_settings(env, home=home, cwd=home, flags=flags, root=home if url else Path("/"))
    with Transport(settings) as transport:
        return resolve(
            [requirement(one) for one in asked],
            index=SimpleIndex(transport, cache),
            fetcher=Fetcher(transport, cache),
            minimum_age=timedelta(days=3),
            now=datetime.now(UTC),
            python=own_target(),
            ranges=TransportRanges(transport),
            cache=cache,
        )


def _file(name: str, version: str, *requires: str, beside: bool = False) -> TwinFile:
    return TwinFile(
        wheel_name(name, version),
        wheel(name, version, {f"{name}.py": "x = 1\n"}, requires=requires),
        metadata=core_metadata(name, version, requires) if beside else None,
        uploaded="2024-01-01T00:00:00Z",
    )


def _packages() -> dict[str, Sequence[TwinFile]]:
    old = TwinFile(
        sdist_name("gamma", "1.0"),
        sdist("gamma", "1.0", {"setup.py": "setup(install_requires=['delta'])"}, metadata=b"Name: gamma\n"),
        uploaded="2024-01-01T00:00:00Z",
    )
    return {
        "alpha": [_file("alpha", "1.0", "beta", beside=True)],
        "beta": [_file("beta", "1.0", "gamma")],
        "gamma": [old],
        "delta": [_file("delta", "1.0")],
    }


def test_a_closure_over_http_with_a_password(tmp_path: Path) -> None:
    with TwinIndex(_packages(), auth=("me", "s3cret")) as index:
        closure = _resolve({}, tmp_path, tmp_path / "c", "alpha", url=index.url_with_password)
        first = len(index.log)
        assert shown(closure) == ["alpha==1.0", "beta==1.0", "delta==1.0", "gamma==1.0"]
        assert all("s3cret" not in ref.url for one in closure.releases for ref in one.files)
        assert not any(hit.endswith("alpha-1.0-py3-none-any.whl") for hit in index.hits()), (
            "metadata was enough"
        )
        # Warm: the listings are asked for again, the files are not.
        assert shown(_resolve({}, tmp_path, tmp_path / "c", "alpha", url=index.url_with_password)) == shown(
            closure
        )
        assert not any("/files/" in hit.path for hit in index.log[first:])


def test_an_index_of_html_alone_serves_as_well(tmp_path: Path) -> None:
    with TwinIndex(_packages(), json=False) as index:
        closure = _resolve({}, tmp_path, tmp_path / "c", "alpha", url=index.url)
    assert shown(closure) == ["alpha==1.0", "beta==1.0", "delta==1.0", "gamma==1.0"]
    assert all("no upload time" in one.notes[-1] for one in closure.releases)


def test_an_index_that_breaks_says_so(tmp_path: Path) -> None:
    with (
        TwinIndex(_packages(), faults={"gamma": Fault("error", status=403)}) as index,
        pytest.raises(IndexUnavailable, match="403"),
    ):
        _resolve({}, tmp_path, tmp_path / "c", "alpha", url=index.url)


@pytest.mark.index
def test_a_small_closure_from_the_index_that_pip_uses(tmp_path: Path) -> None:
    # A made-up home: this group may use the environment's settings, not a person's.
    closure = _resolve(os.environ, tmp_path, tmp_path / "c", "requests")
    names = [one.release.name for one in closure.releases]
    assert {"requests", "urllib3", "idna", "certifi"} <= set(names)
    requests = closure.releases[names.index(requirement("requests").name)]
    assert requests.direct and "urllib3" in requests.requires
    assert all(ref.sha256 for one in closure.releases for ref in one.files)
