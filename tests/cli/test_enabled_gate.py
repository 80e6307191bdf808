"""A day of one machine: enable, a standing gate, the real pip and uv without an option of ours, doctor, disable."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

from tests.support.gates import machine, serving
from tests.support.index import TwinIndex

STOCKADE = [sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())"]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def test_pip_and_uv_of_a_machine_behind_its_gate(index: TwinIndex, tmp_path: Path) -> None:
    env = machine(tmp_path)
    del env["PIP_CONFIG_FILE"]
    env |= {"PIP_NO_CACHE_DIR": "1", "XDG_CACHE_HOME": str(tmp_path / "caches")}

    def ran(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False
        )

    def pip(name: str, *options: str) -> subprocess.CompletedProcess[str]:
        words = ("download", "--no-deps", "-d", str(tmp_path / "got"), *options, name)
        return ran(sys.executable, "-m", "pip", *words)

    def uv(name: str) -> subprocess.CompletedProcess[str]:
        program = str(Path(sys.executable).with_name("uv"))
        target = ("--target", str(tmp_path / "target"), "--python", sys.executable)
        return ran(program, "pip", "install", "--no-deps", *target, name)

    config = tmp_path / "home/.config/pip/pip.conf"
    config.parent.mkdir(parents=True)
    before = f"# mine\n[global]\nindex-url = {index.url}\n"
    config.write_text(before)
    port = free_port()
    gate = f"http://127.0.0.1:{port}/simple/"
    # 1. The index that pip used goes behind the gate, and nobody names it again.
    enabled = ran(*STOCKADE, "enable", "--url", gate)
    assert enabled.returncode == 0, enabled.stderr
    # 2. Without the gate nothing comes in.
    assert pip("alpha", "--retries", "0").returncode != 0
    assert not [hit for hit in index.log if "alpha" in hit.path]
    with serving(tmp_path, "", ["--port", str(port)], env) as served:
        assert served.url == gate
        # 3. What is fine comes in by both, what is not by neither.
        for installer in (pip, uv):
            good, bad = installer("alpha"), installer("reqeusts")
            assert good.returncode == 0, good.stderr
            assert bad.returncode != 0 and "Stockade: reqeusts 2.32.1 is blocked" in bad.stderr
        # 4. The doctor finds both behind it.
        told = json.loads(ran(*STOCKADE, "doctor", "--format", "json").stdout)
        states = {one["id"]: one["state"] for one in told["roads"]}
        assert (states["gate"], states["pip-index"], states["uv-index"]) == ("closed", "closed", "closed")
    # 5. All is as it was.
    assert ran(*STOCKADE, "disable").returncode == 0
    assert config.read_text() == before
    assert not (tmp_path / "home/.config/uv").exists()
    assert pip("alpha").returncode == 0
