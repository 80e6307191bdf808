"""`stockade serve`, as a process of its own, against an index on loopback; killed, doubled, starved and outlived."""

from __future__ import annotations

import contextlib
import hashlib
import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from stockade.model.project import digest
from stockade.remember.durable.store import Durable
from tests.cli.conftest import file_of
from tests.support.archives import wheel
from tests.support.gates import Served, machine, serving
from tests.support.index import Fault, TwinIndex
from tests.support.trojan import trojan

JSON = "application/vnd.pypi.simple.v1+json"


def listed(gate: Served, name: str) -> dict[str, str]:
    """File name -> absolute URL, as the gate lists them."""
    page = f"{gate.url}{name}/"
    answer = httpx.get(page, headers={"Accept": JSON}, timeout=60)
    answer.raise_for_status()
    return {one["filename"]: str(httpx.URL(page).join(one["url"])) for one in answer.json()["files"]}


def fetched(gate: Served, name: str, filename: str) -> httpx.Response:
    return httpx.get(listed(gate, name)[filename], timeout=120)


def installs(gate: Served, folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(folder / "got"), *words]
    return subprocess.run(
        command,
        env=machine(folder, PIP_INDEX_URL=gate.url, PIP_NO_CACHE_DIR="1", **env),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_an_index_for_any_installer(index: TwinIndex, tmp_path: Path) -> None:
    with serving(tmp_path, index.url, ["--log", str(tmp_path / "log.json")]) as gate:
        assert httpx.get(f"{gate.base}/-/health").json()["status"] == "ok"
        good = installs(gate, tmp_path, "alpha")
        assert good.returncode == 0, good.stderr
        bad = installs(gate, tmp_path, "reqeusts")
        assert bad.returncode == 1
        assert "Stockade: reqeusts 2.32.1 is blocked: it sends" in bad.stderr
        answer = fetched(gate, "reqeusts", "reqeusts-2.32.1.tar.gz")
        assert answer.status_code == 403
        told = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["decision"] == "block"
        assert told["allow"].startswith("stockade allow reqeusts==2.32.1 --sha256 ")
    entries = [json.loads(line) for line in (tmp_path / "log.json").read_text().splitlines()]
    assert [(one["project"], one["action"]) for one in entries[:2]] == [
        ("alpha", "allow"),
        ("reqeusts", "block"),
    ]
    assert entries[0]["agent"].startswith("pip/")
    assert entries[0]["client"] == "127.0.0.1"


def test_a_gate_is_no_proxy_for_others(index: TwinIndex, tmp_path: Path) -> None:
    with serving(tmp_path, index.url) as gate:
        with httpx.Client(proxy=gate.base) as client:
            assert client.get(index.url + "alpha/").status_code == 405
        assert httpx.post(f"{gate.url}alpha/", content=b"x").status_code == 405
        assert httpx.get(f"{gate.base}/files/alpha/{'0' * 64}/alpha-1.0-py3-none-any.whl").status_code == 404


def test_condemned_later_is_refused_from_then_on_and_who_got_it_is_named(
    index: TwinIndex, tmp_path: Path
) -> None:
    """A rule that a person writes while the gate stands; nobody restarts anything."""
    policy = tmp_path / "stockade.toml"
    policy.write_text("version = 1\n")
    index.projects["loud"] = index.projects["alpha"].__class__(
        files=(
            file_of(
                "loud", "1", wheel("loud", "1", {"loud.py": "import subprocess\nsubprocess.run(['x'])\n"})
            ),
        )
    )
    with serving(tmp_path, index.url) as gate:
        first = fetched(gate, "loud", "loud-1-py3-none-any.whl")
        assert first.status_code == 200
        policy.write_text('version = 1\n[detectors]\n"import-time-process" = "block"\n')
        time.sleep(2.2)
        again = fetched(gate, "loud", "loud-1-py3-none-any.whl")
        assert again.status_code == 403, again.text
        assert "import-time-process" in again.json()["reasons"][0] + again.text


def test_who_got_what_is_condemned_is_named(index: TwinIndex, tmp_path: Path) -> None:
    sha256 = hashlib.sha256(trojan()).hexdigest()
    waived = ["allow", "reqeusts==2.32.1", "--sha256", sha256, "--because", "inert, for a test"]
    main = [sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())"]
    env = machine(tmp_path)
    (tmp_path / "stockade.toml").write_text("version = 1\n")
    subprocess.run([*main, *waived], env=env, cwd=tmp_path, check=True, capture_output=True)
    with serving(tmp_path, index.url) as gate:
        assert fetched(gate, "reqeusts", "reqeusts-2.32.1.tar.gz").status_code == 200
        (tmp_path / "stockade-waivers.toml").unlink()
        time.sleep(2.2)
        assert fetched(gate, "reqeusts", "reqeusts-2.32.1.tar.gz").status_code == 403
        until = time.monotonic() + 20
        while not any("condemned now" in line for line in gate.said) and time.monotonic() < until:
            time.sleep(0.05)
    named = [line for line in gate.said if "condemned now" in line]
    assert len(named) == 1
    assert "127.0.0.1 got reqeusts-2.32.1.tar.gz on 20" in named[0]
    assert (tmp_path / f"data/quarantine/{sha256}.quarantined").is_file()
    assert not list((tmp_path / "cache/artifacts").glob(f"*/{sha256}"))


@pytest.mark.parametrize("when", ["fetching", "judging", "serving"])
def test_a_gate_that_is_killed_serves_nothing_half_written_afterwards(
    index: TwinIndex, tmp_path: Path, when: str
) -> None:
    big = wheel("bulky", "1", {f"bulky/m{number}.py": "X = 1\n" * 20_000 for number in range(60)})
    index.projects["bulky"] = index.projects["alpha"].__class__(files=(file_of("bulky", "1", big),))
    name = "bulky-1-py3-none-any.whl"
    if when == "fetching":
        index.faults[name] = Fault("stall", times=1, seconds=3)
    with serving(tmp_path, index.url) as gate:
        url = listed(gate, "bulky")[name]

        def ask() -> None:
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(url, timeout=30)

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep({"fetching": 1.0, "judging": 0.4, "serving": 1.5}[when])
        gate.kill()
        asking.join()
    index.faults.clear()
    with serving(tmp_path, index.url) as gate:
        answer = fetched(gate, "bulky", name)
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == hashlib.sha256(big).hexdigest()
        assert fetched(gate, "reqeusts", "reqeusts-2.32.1.tar.gz").status_code == 403
    left = [path for path in (tmp_path / "cache").rglob("*") if "/in/" in str(path) and path.is_file()]
    assert all(time.time() - path.stat().st_mtime < 60 for path in left)
    assert sqlite3.connect(tmp_path / "data/gate-1.sqlite3").execute("pragma integrity_check").fetchone() == (
        "ok",
    )


def test_two_gates_on_one_store(index: TwinIndex, tmp_path: Path) -> None:
    store = ["--store", f"sqlite:///{tmp_path}/shared.sqlite3"]
    with (
        serving(tmp_path / "one", index.url, store) as one,
        serving(tmp_path / "two", index.url, store) as two,
    ):
        for gate in (one, two):
            assert fetched(gate, "alpha", "alpha-1.0-py3-none-any.whl").status_code == 200
            assert fetched(gate, "reqeusts", "reqeusts-2.32.1.tar.gz").status_code == 403
    with Durable(tmp_path / "shared.sqlite3", note=print) as durable:
        runs = {entry.run for entry in durable.recent(50)}
        assert len(runs) == 2
        (entry,) = durable.condemned()
        assert entry[0] == hashlib.sha256(trojan()).hexdigest()


def test_the_index_goes_away_and_what_was_judged_is_still_served(index: TwinIndex, tmp_path: Path) -> None:
    with serving(tmp_path, index.url) as gate:
        assert fetched(gate, "alpha", "alpha-1.0-py3-none-any.whl").status_code == 200
    index.faults["alpha"] = Fault("error", status=503)
    with serving(tmp_path, index.url) as gate:
        page = httpx.get(f"{gate.url}alpha/", headers={"Accept": JSON}, timeout=90)
        assert page.status_code == 200
        assert int(page.headers["age"]) >= 0
        assert "110" in page.headers["warning"]
        assert fetched(gate, "alpha", "alpha-1.0-py3-none-any.whl").status_code == 200
        assert httpx.get(f"{gate.url}never/", timeout=90).status_code in {404, 502}


def test_a_full_disk_lets_nothing_out(index: TwinIndex, tmp_path: Path) -> None:
    """The store's file may not grow: what cannot be recorded does not go out, and the health page says so."""
    import resource

    env = machine(tmp_path)
    with serving(tmp_path, index.url, env=env) as gate:
        assert fetched(gate, "alpha", "alpha-1.0-py3-none-any.whl").status_code == 200
        resource.prlimit(gate.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        answer = fetched(gate, "beta", "beta-1.5-py3-none-any.whl")
        assert answer.status_code in {403, 503}, answer.text
        assert b"PK\x03\x04" not in answer.content
        resource.prlimit(
            gate.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        )
        until = time.monotonic() + 30
        while (answer := fetched(gate, "beta", "beta-1.5-py3-none-any.whl")).status_code != 200:
            assert time.monotonic() < until, answer.text
            time.sleep(0.3)


def test_it_refuses_to_stand_before_itself_and_says_who_has_its_port(
    index: TwinIndex, tmp_path: Path
) -> None:
    main = [sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())", "serve"]
    with serving(tmp_path, index.url) as gate:
        port = gate.base.rpartition(":")[2]
        taken = subprocess.run(
            [*main, "--port", port, "--index-url", index.url],
            env=machine(tmp_path), cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert taken.returncode == 1
        assert f"cannot listen on 127.0.0.1:{port}" in taken.stderr
        assert "Name a free port with --port" in taken.stderr
        assert "stockade[gate]" not in taken.stderr
    ring = subprocess.run(
        [*main, "--port", port, "--index-url", gate.url],
        env=machine(tmp_path), cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ring.returncode == 2
    assert "the gate itself" in ring.stderr


def test_sigterm_ends_it_with_everything_written(index: TwinIndex, tmp_path: Path) -> None:
    with serving(tmp_path, index.url) as gate:
        fetched(gate, "alpha", "alpha-1.0-py3-none-any.whl")
        gate.process.send_signal(signal.SIGTERM)
        assert gate.process.wait(20) in {0, -signal.SIGTERM}
    sha256 = digest(
        hashlib.sha256(wheel("alpha", "1.0", {"alpha.py": "ONE = 1\n"}, requires=["beta>=1"])).hexdigest()
    )
    with Durable(tmp_path / "data/gate-1.sqlite3", note=print) as store:
        assert [one.project for one in store.deliveries_of(sha256)] == ["alpha"]


@pytest.mark.slow
def test_a_judgement_of_a_minute_outlasts_clients_with_their_own_time_outs(
    index: TwinIndex, tmp_path: Path
) -> None:
    """pip gives up after 15 s and uv after 30; the gate lets them come again until the file is judged."""
    index.faults["beta-1.5-py3-none-any.whl"] = Fault("slow", times=1, seconds=60)
    env = machine(tmp_path, PIP_DEFAULT_TIMEOUT="120")
    uv = Path(sys.executable).with_name("uv")
    ended: dict[str, subprocess.CompletedProcess[str]] = {}

    def with_uv() -> None:
        ended["uv"] = subprocess.run(
            [uv, "pip", "install", "--no-deps", "--target", tmp_path / "uv", "--default-index", gate.url, "beta"],
            env=machine(tmp_path, UV_CACHE_DIR=str(tmp_path / "uv-cache")),
            capture_output=True, text=True, check=False, timeout=240,
        )  # fmt: skip

    with serving(tmp_path, index.url, env=env) as gate:
        thread = threading.Thread(target=with_uv)
        thread.start()
        ended["pip"] = installs(gate, tmp_path, "beta")
        thread.join()
    for name, one in ended.items():
        assert one.returncode == 0, f"{name}: {one.stdout}{one.stderr}"
