"""The twin index is one that real installers take for an index; its faults are what they claim to be."""

from __future__ import annotations

import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.archives import core_metadata, wheel, wheel_name
from tests.support.index import HTML, JSON, Fault, TwinFile, TwinIndex
from tests.support.tls import have_openssl, make_certificates


def offered(name: str, *requires: str, metadata: bool = False) -> TwinFile:
    data = wheel(name, "1.0", {f"{name}.py": "x = 1\n"}, requires=requires)
    return TwinFile(
        wheel_name(name, "1.0"), data, metadata=core_metadata(name, "1.0", requires) if metadata else None
    )


def test_pip_installs_from_it(tmp_path: Path) -> None:
    with TwinIndex({"alpha": [offered("alpha", "beta")], "beta": [offered("beta")]}) as twin:
        command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "download", "-q"]
        command += ["--no-cache-dir", "--index-url", twin.url, "--dest", str(tmp_path), "alpha"]
        env = {"PIP_CONFIG_FILE": "/dev/null", "HOME": str(tmp_path)}
        ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, ran.stderr
        assert sorted(path.name for path in tmp_path.glob("*.whl")) == [
            wheel_name(one, "1.0") for one in ("alpha", "beta")
        ]


@pytest.mark.parametrize("metadata", [True, False])
def test_uv_resolves_from_it(tmp_path: Path, metadata: bool) -> None:
    from uv import find_uv_bin

    packages = {
        name: [offered(name, *more, metadata=metadata)] for name, more in (("alpha", ["beta"]), ("beta", []))
    }
    with TwinIndex(packages) as twin:
        command = [
            find_uv_bin(),
            "pip",
            "compile",
            "-q",
            "--no-config",
            "--no-cache",
            "--no-header",
            "--no-annotate",
        ]
        command += ["--default-index", twin.url, "--python", sys.executable, "-"]
        env = {"HOME": str(tmp_path)}
        ran = subprocess.run(command, env=env, input="alpha", capture_output=True, text=True, timeout=60)
        assert ran.stdout.split() == ["alpha==1.0", "beta==1.0"], ran.stderr
        assert bool(twin.hits(".metadata")) is metadata


@pytest.mark.parametrize("by", ["cryptography", "openssl"])
def test_its_certificates_stand_up_to_a_strict_check(tmp_path: Path, by: str) -> None:
    if by == "cryptography":
        pytest.importorskip("cryptography", reason="waits for the cryptography library, which is optional")
    elif not have_openssl():
        pytest.skip("waits for the openssl command, which is optional")
    made = make_certificates(tmp_path, by=by)
    context = ssl.create_default_context(cafile=str(made.authority))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with TwinIndex({"alpha": []}, certificates=made) as twin:
        assert httpx.get(f"{twin.url}alpha/", verify=context).status_code == 200


def test_listings_in_both_formats_and_of_all_names() -> None:
    with TwinIndex({"Al.Pha": [offered("alpha")]}) as twin, httpx.Client() as client:
        for accept in (JSON, HTML, "text/html"):
            for path in ("", "al-pha/"):
                answer = client.get(f"{twin.url}{path}", headers={"Accept": accept})
                assert "al-pha" in answer.text
                assert answer.headers["content-type"] in {accept, HTML}
        assert client.head(f"{twin.base}/files/{wheel_name('alpha', '1.0')}").content == b""
        for path in ("/files/none.whl", f"/files/{wheel_name('alpha', '1.0')}.metadata", "/elsewhere"):
            assert client.get(twin.base + path).status_code == 404


def test_faults_are_counted_down() -> None:
    with (
        TwinIndex({"alpha": []}, faults={"alpha": Fault("error", times=1)}) as twin,
        httpx.Client() as client,
    ):
        assert [client.get(f"{twin.url}alpha/").status_code for _ in range(3)] == [500, 200, 200]
        assert [hit.status for hit in twin.log] == [500, 200, 200]
