"""`stockade jail -- COMMAND` from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from stockade.acquire.jail import launch as launching
from stockade.acquire.jail.profile import NAMES
from stockade.confine import Wall
from tests.cli.conftest import Run
from tests.support.debian import bubblewrap

Jail = Callable[..., "subprocess.CompletedProcess[str]"]
_STOCKADE = (sys.executable, "-c", "import sys; from stockade.cli import main; sys.exit(main())")


@pytest.fixture(params=["bubblewrap", "landlock"])
def jail(request: pytest.FixtureRequest, tmp_path: Path) -> Jail:
    """Runs a jailed command in a project of a made-up home that holds secrets."""
    home = tmp_path / "home"
    for folder in ("project/.git/hooks", ".aws", ".config/stockade/jail"):
        (home / folder).mkdir(parents=True)
    (home / "project/pyproject.toml").touch()
    (home / ".aws/credentials").write_text("decoy-credential")
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "AWS_SECRET_ACCESS_KEY": "decoy-variable",
        "SSH_AUTH_SOCK": str(home / "agent"),
        "STOCKADE_CONFIG_DIR": str(tmp_path / "config"),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    if request.param == "bubblewrap":
        environ["STOCKADE_BWRAP"] = str(bubblewrap())

    def command(*words: str, options: tuple[str, ...] = (), **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*_STOCKADE, "jail", "--mechanism", request.param, *options, "--", *words],
            cwd=home / "project",
            env=environ | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return command


def test_a_command_has_its_project_and_nothing_of_its_owner(jail: Jail, tmp_path: Path) -> None:
    script = (
        'pwd; cat ~/.aws/credentials; cat "$0"; env; echo x > made; echo x > .git/hooks/post-checkout; exit 7'
    )
    ran = jail("sh", "-c", script, str(tmp_path / "home/.aws/credentials"))
    assert ran.returncode == 7
    assert ran.stdout.startswith(f"{tmp_path}/home/project\n")
    assert "decoy" not in ran.stdout + ran.stderr and "SSH_AUTH_SOCK" not in ran.stdout
    assert (tmp_path / "home/project/made").read_text() == "x\n"
    assert not (tmp_path / "home/project/.git/hooks/post-checkout").exists()


def test_what_is_added_is_there(jail: Jail, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/file").write_text("data\n")
    (tmp_path / "out").mkdir()
    options = (f"--read={tmp_path}/data", "--write", f"{tmp_path}/out", "--keep-env", "AWS_SECRET_ACCESS_KEY")
    script = f"cat {tmp_path}/data/file; echo x > {tmp_path}/out/new; echo $AWS_SECRET_ACCESS_KEY"
    ran = jail("sh", "-c", script, options=options)
    assert (ran.returncode, ran.stdout) == (0, "data\ndecoy-variable\n"), ran.stderr
    assert (tmp_path / "out/new").exists()
    gone = jail("true", options=("--read", f"{tmp_path}/gone"))
    assert gone.returncode == 2 and "there is no" in gone.stderr


def test_the_network_is_ones_own_and_by_profile_the_hosts(jail: Jail, tmp_path: Path) -> None:
    (tmp_path / "config/jail").mkdir(parents=True)
    (tmp_path / "config/jail/open.toml").write_text('extends = "run"\nnetwork = "host"\n')
    here = os.readlink("/proc/self/ns/net")
    assert jail("readlink", "/proc/self/ns/net").stdout.strip() not in {here, ""}
    assert jail("readlink", "/proc/self/ns/net", options=("--profile", "open")).stdout.strip() == here


def test_a_time_that_is_over_is_told(jail: Jail, tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text('extends = "run"\n[limits]\nseconds = 1\n')
    ran = jail("sleep", "60", options=("--profile", str(tmp_path / "short.toml")))
    assert ran.returncode == 137 and "ended after 1 s" in ran.stderr


def test_it_is_explained_and_nothing_is_run(jail: Jail, tmp_path: Path) -> None:
    ran = jail("touch", "made", options=("--explain",))
    assert ran.returncode == 0, ran.stderr
    assert not (tmp_path / "home/project/made").exists()
    for words in ("profile: run < base", f"to be read and written: {tmp_path}/home/project", "files  "):
        assert words in ran.stdout
    assert "MISSING" not in ran.stdout and "decoy" not in ran.stdout
    for name in NAMES:
        assert f"profile: {name}" in jail(options=("--explain", "--profile", name)).stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--",), "say what to run"),
        (("--", "no-such-command"), "there is no command 'no-such-command'"),
        (("--profile", "nothing", "--", "true"), "there is no profile nothing"),
        (("--walls", "some", "--", "true"), "invalid choice"),
        (("--mechanism", "some", "--", "true"), "invalid choice"),
        (("--read",), "expected one argument"),
    ],
)
def test_what_is_wrong_is_said(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run("jail", *words)
    assert ran.code == 2 and said in ran.err


def test_the_home_is_no_project(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", os.getcwd())
    ran = run("jail", "--", "true")
    assert ran.code == 1 and "holds your home folder" in ran.err


def test_elsewhere_there_are_no_jails(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    ran = run("jail", "--", "true")
    assert ran.code == 1 and "jails are built of what Linux offers, and this is darwin" in ran.err


@pytest.mark.parametrize(
    ("wall", "options", "code"),
    [("cpu", (), 0), ("cpu", ("--walls", "required"), 1), ("files", (), 1), ("network", (), 1)],
)
def test_a_wall_that_is_missing_is_told_or_fatal(
    run: Run, monkeypatch: pytest.MonkeyPatch, wall: str, options: tuple[str, ...], code: int
) -> None:
    real = launching._inmate

    def damaged(*words: object, **more: object) -> object:
        made = real(*words, **more)  # type: ignore[arg-type]
        made.walls = (*[one for one in made.walls if one.name != wall], Wall(wall, False, "of a test"))
        return made

    monkeypatch.setattr(launching, "_inmate", damaged)
    ran = run("jail", "--mechanism", "landlock", *options, "--", "true")
    assert ran.code == code, ran.err
    assert "no wall against" in ran.err and ": of a test" in ran.err
    assert ("without every wall nothing is run" in ran.err) == bool(code)


def test_the_short_way_imports_nothing_that_it_does_not_need() -> None:
    program = "import json, sys; import stockade.cli.jailed; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {
        "argparse",
        "subprocess",
        "tempfile",
        "hashlib",
        "shutil",
        "stockade.pipeline",
        "stockade.cli.common",
    }
    assert not heavy & set(json.loads(done.stdout))


_ASKS = """
import sys, urllib.request
for url in sys.argv[1:]:
    try:
        print(urllib.request.urlopen(url, timeout=20).read().decode())
    except OSError as why:
        print("no", why)
"""


@pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="waits for the system's own Python")
def test_named_hosts_alone_are_reached(jail: Jail) -> None:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"answered")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_port
        urls = (f"http://127.0.0.1:{port}/", "http://other.invalid/")
        ran = jail("/usr/bin/python3", "-c", _ASKS, *urls, options=("--allow-host", f"127.0.0.1:{port}"))
        server.shutdown()
    first, second = ran.stdout.splitlines()
    assert first == "answered" and second.startswith("no"), ran.stderr
    assert "other.invalid" in ran.stderr


def test_hosts_that_are_none_are_refused(run: Run) -> None:
    ran = run("jail", "--allow-host", "a b", "--", "true")
    assert ran.code == 2 and "the hosts of this jail" in ran.err
    ran = run("jail", "--profile", "install", "--allow-host", "a.invalid", "--", "true")
    assert ran.code == 2 and "past the gate" in ran.err
